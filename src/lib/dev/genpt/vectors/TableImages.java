package dev.genpt.vectors;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Table images of a page table in memory, and what an image says of an address. */
final class TableImages {
  private final PageTable pageTable;
  private final PageTableFormat format;
  private final PhysicalMemory memory;

  TableImages(PageTable pageTable) {
    this.pageTable = pageTable;
    format = pageTable.format();
    memory = pageTable.memory();
  }

  PageTableFormat format() {
    return format;
  }

  /** Level of the root now. */
  int topLevel() {
    return PageTable.levelOf(pageTable.top());
  }

  /** Items of a table of {@code level}, which may be the root. */
  int items(int level) {
    return 1 << (level == topLevel() ? pageTable.rootItemsLg2(level) : format.itemsLg2(level));
  }

  /** The table as it is now. */
  TableImage read() {
    return read(PageTable.rootOf(pageTable.top()), topLevel());
  }

  private TableImage read(long table, int level) {
    NavigableMap<Integer, TableImage.Item> image = new TreeMap<>();
    int items = items(level);
    for (int index = 0; index < items; index++) {
      long word = format.load(memory, table, index);
      switch (format.typeOf(word, level)) {
        case EMPTY -> {}
        case LEAF -> image.put(index, new TableImage.Leaf(word));
        case TABLE -> {
          long child = format.tableAddress(word, level);
          image.put(
              index,
              new TableImage.Pointer(word & ~addressBits(child, level), read(child, level - 1)));
        }
      }
    }
    return new TableImage(level, image);
  }

  /** The bits that the address of {@code child} sets in a pointer at {@code level}. */
  private long addressBits(long child, int level) {
    return format.tableWord(child, level) ^ format.tableWord(0, level);
  }

  /** Whether {@code image} maps {@code iova}. */
  boolean maps(TableImage image, long iova) {
    int level = image.level();
    TableImage table = image;
    long below = Log2.mod(iova, pageTable.widthLg2(level));
    while (true) {
      int itemSize = format.itemSizeLg2(level);
      TableImage.@Nullable Item item = table.items().get((int) (below >>> itemSize));
      if (!(item instanceof TableImage.Pointer pointer)) {
        return item != null;
      }
      table = pointer.child();
      below = Log2.mod(below, itemSize);
      level--;
    }
  }

  /**
   * The word of the item that {@code path}, one index a level from the root down, leads to.
   *
   * @param path leads through tables that are there
   */
  PlacedWord wordAt(List<Integer> path) {
    long table = PageTable.rootOf(pageTable.top());
    int level = topLevel();
    long iova = 0;
    Iterator<Integer> indexes = path.iterator();
    while (true) {
      int index = indexes.next();
      iova += (long) index << format.itemSizeLg2(level);
      long word = format.load(memory, table, index);
      if (!indexes.hasNext()) {
        long at = table + ((long) index << format.geometry().wordLg2());
        return new PlacedWord(level, index, canonical(iova), at, word);
      }
      table = format.tableAddress(word, level);
      level--;
    }
  }

  private long canonical(long indexed) {
    boolean signExtended = pageTable.has(Feature.SIGN_EXTEND);
    int width = pageTable.widthLg2(topLevel());
    return signExtended ? Log2.signExtend(indexed, width) : indexed;
  }

  /** {@code attributes} with the table address of {@code word}, if that is a pointer. */
  long withAddressOf(long word, long attributes, int level) {
    return format.typeOf(word, level) == EntryType.TABLE
        ? attributes | (word & addressBits(format.tableAddress(word, level), level))
        : attributes;
  }

  /**
   * A word with its place.
   *
   * @param level level of its table
   * @param index its index there
   * @param iova first input address that it stands for
   * @param pa its physical address
   * @param word the word
   */
  record PlacedWord(int level, int index, long iova, long pa, long word) {}
}
