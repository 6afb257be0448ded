package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.inspect.TableTree.EmptyRun;
import dev.genpt.inspect.TableTree.FlawRun;
import dev.genpt.inspect.TableTree.LeafRun;
import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Table;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a whole table, each table once and no deeper than its levels. Not thread-safe; one a read.
 */
final class TreeReader {
  private final PageTableFormat format;
  private final PhysicalMemory memory;
  private final TableShape shape;
  private final Set<Long> met = new HashSet<>();
  private int flaws;

  TreeReader(PageTable pageTable) {
    format = pageTable.format();
    memory = pageTable.memory();
    shape = new TableShape(pageTable);
  }

  TableTree read() {
    met.add(shape.root());
    Table root = readTable(shape.root(), shape.topLevel(), 0);
    return new TableTree(
        format.definition().name(),
        shape.widthLg2(),
        Byte.SIZE << format.geometry().wordLg2(),
        root,
        met.size(),
        flaws);
  }

  /**
   * Reads one table.
   *
   * @param base what the indexes above add up to
   */
  private Table readTable(long table, int level, long base) {
    int items = 1 << shape.itemsLg2(level);
    var rows = new RowFolder();
    int index = 0;
    while (index < items) {
      long word = format.load(memory, table, index);
      long indexed = base + ((long) index << format.itemSizeLg2(level));
      long iova = shape.addressOf(indexed);
      Optional<String> flaw = format.flawOf(word, level);
      if (flaw.isPresent()) {
        rows.add(new FlawRun(index, 1, iova, word, flaw.get()));
        index++;
        continue;
      }
      index +=
          switch (format.typeOf(word, level)) {
            case EMPTY -> {
              rows.add(new EmptyRun(index, 1, iova));
              yield 1;
            }
            case TABLE -> {
              addPointer(rows, index, iova, word, level, indexed);
              yield 1;
            }
            case LEAF -> addLeaf(rows, table, level, index, iova, word);
          };
    }
    flaws += rows.flaws();
    return new Table(level, table, items, rows.rows());
  }

  private void addPointer(
      RowFolder rows, int index, long iova, long word, int level, long indexed) {
    long child = format.tableAddress(word, level);
    Optional<String> unreadable = shape.whyUnreadable(child, level - 1);
    if (unreadable.isPresent()) {
      rows.add(new FlawRun(index, 1, iova, word, unreadable.get()));
    } else if (met.add(child)) {
      long unknown = EntryDecoder.unknownBits(format, EntryType.TABLE, level, word);
      rows.add(new Pointer(index, iova, word, unknown, readTable(child, level - 1, indexed)));
    } else {
      String reason = "table address %#x was met before, not followed again".formatted(child);
      rows.add(new FlawRun(index, 1, iova, word, reason));
    }
  }

  /**
   * Adds the leaf that starts at {@code index}, or says what is wrong with it; items to move on.
   */
  private int addLeaf(RowFolder rows, long table, int level, int index, long iova, long word) {
    int contig = format.contigLg2(word, level);
    if (contig > shape.itemsLg2(level) || !Log2.isAligned(index, contig)) {
      rows.add(new FlawRun(index, 1, iova, word, wantsFirstItem(level, contig)));
      return 1;
    }
    int items = 1 << contig;
    int same = 1;
    boolean written = format.isDirty(word);
    while (same < items) {
      long next = format.load(memory, table, index + same);
      if (!continues(word, next, level, index, same)) {
        String reason =
            "leaf of %d items, but item %d is not part of it".formatted(items, index + same);
        rows.add(new FlawRun(index, same, iova, word, reason));
        return same;
      }
      written |= format.isDirty(next);
      same++;
    }
    int sizeLg2 = format.itemSizeLg2(level) + contig;
    rows.add(
        new LeafRun(
            index,
            items,
            iova,
            1,
            sizeLg2,
            format.entryOa(word, level),
            Log2.toValue(sizeLg2),
            format.protectionOf(word, level),
            format.attributesOf(word, level),
            written ? 1 : 0,
            word,
            EntryDecoder.unknownBits(format, EntryType.LEAF, level, word)));
    return items;
  }

  private String wantsFirstItem(int level, int contig) {
    return "part of a %s leaf that does not start where such a leaf must"
        .formatted(ByteSize.ofLg2(format.itemSizeLg2(level) + contig));
  }

  /**
   * True if {@code next}, {@code distance} items on, belongs to the leaf that starts with {@code
   * first}.
   */
  private boolean continues(long first, long next, int level, int index, int distance) {
    return format.typeOf(next, level) == EntryType.LEAF
        && format.contigLg2(next, level) == format.contigLg2(first, level)
        && format.entryOa(next, level) == format.entryOa(first, level)
        && format.itemOa(next, level, index + distance)
            == format.itemOa(first, level, index) + ((long) distance << format.itemSizeLg2(level))
        && format.attributesOf(next, level) == format.attributesOf(first, level);
  }
}
