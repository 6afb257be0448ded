package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.inspect.TableLeaves.Leaf;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The walk of one address that trusts nothing: it stops at an item that hardware would not take, at
 * a pointer out of RAM and at a table that it met before. It reads one item a level at most. Not
 * thread-safe; one an address.
 */
final class CheckedWalk {
  private final PageTable pageTable;
  private final PageTableFormat format;
  private final TableShape shape;
  private final long iova;
  private final List<Item> items = new ArrayList<>();
  private int allowed = -1;
  private final TableLookup end;

  /** Walks. */
  CheckedWalk(PageTable pageTable, long iova) {
    this.pageTable = pageTable;
    this.iova = iova;
    format = pageTable.format();
    shape = new TableShape(pageTable);
    end = walk();
  }

  /** The table's measures, with the root that was walked. */
  TableShape shape() {
    return shape;
  }

  /** The items that were read, from the root down. */
  List<Item> items() {
    return items;
  }

  /** How it ended; a walk of some items ended at the last of them. */
  TableLookup end() {
    return end;
  }

  private TableLookup walk() {
    if (!pageTable.rootLevel(shape.topLevel()).decodes(iova)) {
      return new TableLookup.OutOfRange();
    }
    long table = shape.root();
    Optional<String> deadEnd = shape.whyUnreadable(table, shape.topLevel());
    int level = shape.topLevel();
    while (deadEnd.isEmpty()) {
      Item item = read(table, level);
      items.add(item);
      deadEnd = EntryDecoder.flawOf(format, item.word(), level);
      if (deadEnd.isEmpty()) {
        EntryType type = format.typeOf(item.word(), level);
        if (type == EntryType.EMPTY) {
          return new TableLookup.NotMapped(item);
        }
        if (type == EntryType.LEAF) {
          return mapped(item);
        }
        allowed &= format.protectionBelow(item.word(), level);
        table = format.tableAddress(item.word(), level);
        deadEnd = whyNotFollowed(table, level - 1);
      }
      level -= deadEnd.isEmpty() ? 1 : 0;
    }
    return new TableLookup.Corrupt(level, deadEnd.get());
  }

  private Item read(long table, int level) {
    int index = (int) Log2.mod(Log2.div(iova, format.itemSizeLg2(level)), shape.itemsLg2(level));
    return new Item(level, table, index, format.load(pageTable.memory(), table, index));
  }

  /** Why the walk can't go on in {@code table}, in a few words; empty if it can. */
  private Optional<String> whyNotFollowed(long table, int level) {
    return items.stream().anyMatch(item -> item.table() == table)
        ? Optional.of("table address %#x was met before on this walk".formatted(table))
        : shape.whyUnreadable(table, level);
  }

  private TableLookup mapped(Item item) {
    int level = item.level();
    int sizeLg2 = format.itemSizeLg2(level) + format.contigLg2(item.word(), level);
    long oa = format.entryOa(item.word(), level);
    long offset = Log2.mod(iova, sizeLg2);
    int protection = allowed & format.protectionOf(item.word(), level);
    return new TableLookup.Mapped(
        oa | offset, new Leaf(iova - offset, sizeLg2, oa, protection, item));
  }
}
