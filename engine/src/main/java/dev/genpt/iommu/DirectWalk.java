package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageSizes;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Range;

/**
 * The short ways: operations that go straight down to one table that is there already, in one loop
 * without a cursor. Map and unmap try them first; the full walks take whatever does not fit, and
 * give the same results.
 *
 * <p>Threads: no state; see {@link IommuDomain} for who may run with whom.
 */
final class DirectWalk {
  /** The answer of {@link #unmap} where only the full walk will do. */
  static final long NOT_DIRECT = -1;

  private static final long NO_TABLE = -1;

  private final PageTable pageTable;
  private final PageTableFormat format;
  private final PhysicalMemory memory;
  private final TableOwner tables;

  DirectWalk(PageTable pageTable, TableOwner tables) {
    this.pageTable = pageTable;
    format = pageTable.format();
    memory = pageTable.memory();
    this.tables = tables;
  }

  /**
   * Maps, if all of the range is one run of leaves in one table that is there and has room for it.
   *
   * @return false, with nothing changed, if it is not so
   */
  boolean map(long bitmap, long iova, long lastVa, long pa, long attributes) {
    int sizeLg2 = PageSizes.best(bitmap, iova, lastVa, pa);
    int level = format.levelOfSize(sizeLg2);
    long top = pageTable.top();
    int topLevel = PageTable.levelOf(top);
    if (sizeLg2 == PageSizes.NONE
        || level >= topLevel
        || !Range.isValid(pageTable, pageTable.widthLg2(topLevel), iova, lastVa)
        || !Log2.divEqual(iova, lastVa, format.itemSizeLg2(level + 1))
        || PageSizes.count(bitmap, iova, lastVa, pa, sizeLg2) << sizeLg2 != lastVa - iova + 1) {
      return false;
    }
    long table = tableFor(top, level, iova);
    int itemSize = format.itemSizeLg2(level);
    int index = index(level, iova);
    int items = (int) ((lastVa - iova + 1) >>> itemSize);
    if (table == NO_TABLE
        || format.emptyItems(memory, table, level, index, index + items) != items) {
      return false;
    }
    int leaves = items >> (sizeLg2 - itemSize);
    format.installLeaves(memory, table, level, index, leaves, pa, sizeLg2, attributes);
    return true;
  }

  /** The table of {@code level}, below the top, for {@code va}; NO_TABLE if it is not there. */
  private long tableFor(long top, int level, long va) {
    int at = PageTable.levelOf(top);
    long table = PageTable.rootOf(top);
    int index = rootIndex(at, va);
    while (true) {
      long word = format.load(memory, table, index);
      if (format.typeOf(word, at) != EntryType.TABLE) {
        return NO_TABLE;
      }
      table = format.tableAddress(word, at);
      at--;
      if (!tables.isLive(table)) {
        return NO_TABLE;
      }
      if (at == level) {
        return table;
      }
      index = index(at, va);
    }
  }

  /**
   * Unmaps, if all of the range lies in one table, holds nothing but leaves there, and frees no
   * table.
   *
   * @return bytes unmapped, or NOT_DIRECT, with nothing changed, if it is not so
   */
  long unmap(long top, long iova, long lastVa) {
    int level = PageTable.levelOf(top);
    long table = PageTable.rootOf(top);
    int index = rootIndex(level, iova);
    while (Log2.divEqual(iova, lastVa, format.itemSizeLg2(level))) {
      long word = format.load(memory, table, index);
      EntryType type = format.typeOf(word, level);
      if (type == EntryType.EMPTY) {
        return 0;
      }
      if (type == EntryType.LEAF) {
        break;
      }
      table = format.tableAddress(word, level);
      if (lastVa - iova == Log2.toMax(format.itemSizeLg2(level)) || !tables.isLive(table)) {
        return NOT_DIRECT;
      }
      level--;
      index = index(level, iova);
    }
    int itemSize = format.itemSizeLg2(level);
    int items = (int) ((lastVa >>> itemSize) - (iova >>> itemSize)) + 1;
    if (format.leafItems(memory, table, level, index, index + items) != items) {
      return NOT_DIRECT;
    }
    int firstContig = format.contigLg2(format.load(memory, table, index), level);
    if (!Log2.isAligned(iova, itemSize + firstContig)) {
      return 0;
    }
    int last = index + items - 1;
    int lastContig = format.contigLg2(format.load(memory, table, last), level);
    int cleared = (int) Log2.setModMax(last, lastContig) + 1 - index;
    format.clear(memory, table, index, cleared);
    return (long) cleared << itemSize;
  }

  /** The output address for {@code va}, or {@link IommuDomain#NO_TRANSLATION}; EIO outside RAM. */
  long translate(long top, long va) {
    int level = PageTable.levelOf(top);
    long table = PageTable.rootOf(top);
    int index = rootIndex(level, va);
    long pointer = 0;
    try {
      while (true) {
        long word = format.load(memory, table, index);
        EntryType type = format.typeOf(word, level);
        if (type == EntryType.TABLE) {
          pointer = word;
          table = format.tableAddress(word, level);
          level--;
          index = index(level, va);
        } else if (type == EntryType.LEAF) {
          int sizeLg2 = format.itemSizeLg2(level) + format.contigLg2(word, level);
          return format.entryOa(word, level) | Log2.mod(va, sizeLg2);
        } else {
          return IommuDomain.NO_TRANSLATION;
        }
      }
    } catch (IommuException e) {
      throw new IommuException(
          e.errno(),
          va,
          0,
          "entry %#018x at level %d for address %#x: %s"
              .formatted(pointer, level + 1, va, e.rule()));
    }
  }

  private int rootIndex(int level, long va) {
    return (int) (Log2.mod(va, pageTable.widthLg2(level)) >>> format.itemSizeLg2(level));
  }

  private int index(int level, long va) {
    return (int) Log2.mod(va >>> format.itemSizeLg2(level), format.itemsLg2(level));
  }
}
