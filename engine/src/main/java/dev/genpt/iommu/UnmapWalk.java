package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageList;
import dev.genpt.table.Cursor;
import dev.genpt.table.EntryType;
import dev.genpt.table.Geometry;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Range;
import dev.genpt.table.Root;

/**
 * The walk that unmaps: one descent in ascending order, up to the first hole.
 *
 * <p>A leaf goes as a whole, if the walk meets its start, even where the request ends inside it. A
 * table goes if the request covers all that it stands for and nothing was missing in it.
 *
 * <p>Not thread-safe; kept per thread by {@link IommuDomain} so that an unmap allocates nothing.
 * Source: upstream {@code iommu_pt.h}; nothing is gathered when nothing was unmapped.
 */
final class UnmapWalk {
  private static final int STOPPED = -1;

  private final IommuDomain domain;
  private final PageTable pageTable;
  private final PageTableFormat format;
  private final TableOwner tables;
  private final Incoherence incoherence;
  private final Range range;
  private final Cursor[] cursors = new Cursor[Geometry.MAX_LEVELS];
  private final PageList freed = new PageList();
  private long unmapped;

  UnmapWalk(IommuDomain domain) {
    this.domain = domain;
    pageTable = domain.pageTable();
    format = pageTable.format();
    tables = domain.tables();
    incoherence = domain.incoherence();
    range = new Range(pageTable);
    for (int level = 0; level < cursors.length; level++) {
      cursors[level] = new Cursor(range);
    }
  }

  /**
   * Unmaps from {@code iova} on, up to {@code lastVa} or the first hole; the bytes unmapped.
   *
   * @throws IommuException EIO, with the bytes done, if table memory is corrupt
   */
  long unmap(Root root, long iova, long lastVa, IotlbGather gather) {
    unmapped = 0;
    range.set(pageTable, root, iova, lastVa);
    try {
      walk(range.root(), range.topLevel());
    } catch (IommuException e) {
      throw e.withBytesDone(unmapped);
    } finally {
      if (unmapped != 0) {
        domain.gather(gather, iova, unmapped, freed);
      }
    }
    return unmapped;
  }

  /** Unmaps the rest of the range in one table; false if it met a hole. */
  private boolean walk(long table, int level) {
    Cursor at = cursors[level].enter(range, table, level);
    int firstCleared = at.endIndex();
    int endCleared = at.index();
    try {
      while (at.isInside()) {
        int index = at.index();
        int items = pageTable.level(level).leafItems(table, index, at.endIndex());
        int cleared = items > 0 ? clearLeaves(at, items) : clearTable(at);
        if (cleared == STOPPED) {
          return false;
        }
        if (cleared > 0) {
          firstCleared = Math.min(firstCleared, index);
          endCleared = index + cleared;
        }
        if (at.isInside()) {
          at.syncVa();
        }
      }
      return true;
    } finally {
      if (firstCleared < endCleared) {
        incoherence.flushItems(table, firstCleared, endCleared);
      }
    }
  }

  /**
   * Clears {@code items} items of leaves and the rest of the last leaf; STOPPED if inside a leaf.
   */
  private int clearLeaves(Cursor at, int items) {
    int first = at.index();
    at.load();
    if (!Log2.isAligned(range.va(), at.entrySizeLg2())) {
      return STOPPED;
    }
    at.setIndex(first + items - 1);
    at.load();
    at.next();
    int cleared = at.index() - first;
    format.clear(pageTable.memory(), at.table(), first, cleared);
    unmapped += (long) cleared << at.itemSizeLg2();
    return cleared;
  }

  /**
   * Unmaps what is below one item, and the item too if all of it was asked for; STOPPED at a hole.
   */
  private int clearTable(Cursor at) {
    if (at.load() != EntryType.TABLE) {
      return STOPPED;
    }
    boolean covered = range.coversBlock(at.itemSizeLg2());
    long child = tables.child(at);
    if (!walk(child, at.level() - 1)) {
      return STOPPED;
    }
    int index = at.index();
    at.setIndex(index + 1);
    if (!covered) {
      return 0;
    }
    format.clear(pageTable.memory(), at.table(), index, 1);
    tables.retire(child, freed);
    return 1;
  }
}
