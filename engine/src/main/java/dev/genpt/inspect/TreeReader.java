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
      index += addItem(rows, table, level, index, indexed, word);
    }
    flaws += rows.flaws();
    return new Table(level, table, items, rows.rows());
  }

  /** Adds what starts at {@code index}; items to move on. */
  private int addItem(RowFolder rows, long table, int level, int index, long indexed, long word) {
    long iova = shape.addressOf(indexed);
    Optional<String> flaw = EntryDecoder.flawOf(format, word, level);
    if (flaw.isPresent()) {
      rows.add(new FlawRun(index, 1, iova, word, flaw.get()));
      return 1;
    }
    return switch (format.typeOf(word, level)) {
      case EMPTY -> {
        rows.add(new EmptyRun(index, 1, iova, word));
        yield 1;
      }
      case TABLE -> {
        addPointer(rows, index, iova, word, level, indexed);
        yield 1;
      }
      case LEAF -> addLeaf(rows, table, level, index, iova, word);
    };
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
    int sizeLg2 = format.itemSizeLg2(level) + contig;
    if (contig > shape.itemsLg2(level) || !Log2.isAligned(index, contig)) {
      String reason =
          "part of a %s leaf that does not start where such a leaf must"
              .formatted(ByteSize.ofLg2(sizeLg2));
      rows.add(new FlawRun(index, 1, iova, word, reason));
      return 1;
    }
    int items = 1 << contig;
    long step = format.itemStep(sizeLg2, level);
    boolean written = format.isDirty(word);
    for (int i = 1; i < items; i++) {
      long next = format.load(memory, table, index + i);
      if (ofLeaf(next) != ofLeaf(word) + i * step) {
        return addBroken(rows, table, level, index, iova, i, items);
      }
      written |= format.isDirty(next);
    }
    rows.add(leaf(level, index, iova, word, contig, written));
    return items;
  }

  /** A word without what may differ from item to item of one leaf. */
  private long ofLeaf(long word) {
    return format.cleaned(word) & ~format.accessedBits() & ~EntryDecoder.softwareBits(format);
  }

  /** Adds the {@code same} items of a leaf that has not all its {@code items}. */
  private int addBroken(
      RowFolder rows, long table, int level, int index, long iova, int same, int items) {
    String reason =
        "leaf of %d items, but item %d is not part of it".formatted(items, index + same);
    for (int i = 0; i < same; i++) {
      long at = iova + ((long) i << format.itemSizeLg2(level));
      rows.add(new FlawRun(index + i, 1, at, format.load(memory, table, index + i), reason));
    }
    return same;
  }

  private LeafRun leaf(int level, int index, long iova, long word, int contig, boolean written) {
    int sizeLg2 = format.itemSizeLg2(level) + contig;
    long oa = format.entryOa(word, level);
    long attributes = format.attributesOf(word, level);
    long whole = written ? format.dirtied(word) : word;
    return new LeafRun(
        index,
        1 << contig,
        iova,
        1,
        sizeLg2,
        oa,
        Log2.toValue(sizeLg2),
        format.protectionOf(word, level),
        attributes,
        written,
        whole ^ format.leafWord(oa, sizeLg2, level, attributes),
        word,
        EntryDecoder.unknownBits(format, EntryType.LEAF, level, word));
  }
}
