package dev.genpt.vectors;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Root;
import java.util.ArrayList;
import java.util.List;

/**
 * A dirty leaf as a query meets it.
 *
 * @param from where the query enters it
 * @param last where the query or the leaf ends, inclusive
 * @param start first address of the leaf
 * @param sizeLg2 bytes of the leaf, lg2
 * @param itemSizeLg2 bytes of each of its items, lg2
 */
record DirtyLeaf(long from, long last, long start, int sizeLg2, int itemSizeLg2) {
  /** The dirty leaves that meet {@code [va, lastVa]}, in ascending order. */
  static List<DirtyLeaf> in(PageTable pageTable, long va, long lastVa) {
    List<DirtyLeaf> leaves = new ArrayList<>();
    long at = va;
    while (true) {
      long blockLast = Log2.setModMax(at, visit(pageTable, at, lastVa, leaves));
      if (Long.compareUnsigned(blockLast, lastVa) >= 0) {
        return leaves;
      }
      at = blockLast + 1;
    }
  }

  /** Adds the leaf at {@code va} if it is dirty; the size of what is there, lg2. */
  private static int visit(PageTable pageTable, long va, long lastVa, List<DirtyLeaf> leaves) {
    PageTableFormat format = pageTable.format();
    PhysicalMemory memory = pageTable.memory();
    Root root = pageTable.root();
    long table = root.address();
    int level = root.level();
    long below = Log2.mod(va, pageTable.widthLg2(level));
    while (true) {
      int itemSize = format.itemSizeLg2(level);
      int index = (int) (below >>> itemSize);
      long word = format.load(memory, table, index);
      EntryType type = format.typeOf(word, level);
      if (type == EntryType.EMPTY) {
        return itemSize;
      }
      if (type == EntryType.LEAF) {
        int contig = format.contigLg2(word, level);
        int size = itemSize + contig;
        int first = (int) Log2.alignDown(index, contig);
        if (format.isEntryDirty(memory, table, first, contig)) {
          long end = Log2.setModMax(va, size);
          long last = Long.compareUnsigned(end, lastVa) < 0 ? end : lastVa;
          leaves.add(new DirtyLeaf(va, last, Log2.alignDown(va, size), size, itemSize));
        }
        return size;
      }
      table = format.tableAddress(word, level);
      below = Log2.mod(below, itemSize);
      level--;
    }
  }

  /** What must be reported: the leaf cut to the query. */
  Extent due() {
    return new Extent(from, last - from + 1);
  }

  /**
   * What upstream reports: of a contiguous leaf all items of the query but the leaf's last one, of
   * any other leaf its full size, from where the query enters it.
   */
  Extent reportedUpstream() {
    if (sizeLg2 == itemSizeLg2) {
      return new Extent(from, Log2.toValue(sizeLg2));
    }
    long lastItem = (1L << (sizeLg2 - itemSizeLg2)) - 1;
    long endItem = Math.min(lastItem, itemOf(last) + 1);
    return new Extent(from, (endItem - itemOf(from)) << itemSizeLg2);
  }

  private long itemOf(long va) {
    return (va - start) >>> itemSizeLg2;
  }

  /** The whole leaf. */
  Extent whole() {
    return new Extent(start, Log2.toValue(sizeLg2));
  }
}
