package dev.genpt.iommu;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageList;
import dev.genpt.table.Cursor;
import dev.genpt.table.EntryType;
import dev.genpt.table.Geometry;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.LeafTemplate;
import dev.genpt.table.PageSizes;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import dev.genpt.table.Range;
import dev.genpt.table.Root;
import dev.genpt.table.TableLevel;

/**
 * The walk that maps: one descent that lays leaves in ascending order, keeps its place between
 * them, and makes tables on the way.
 *
 * <p>It follows a plan, "so many leaves of this size, at that level", and makes a new one when that
 * is used up. A table is met in one of two roles: above the plan's level as an inner table, at it
 * as the table of leaves. When a new plan changes the role of a table, the walk of it answers
 * "again".
 *
 * <p>Not thread-safe; kept per thread by {@link IommuDomain} so that a map allocates nothing.
 * Source: upstream {@code iommu_pt.h}, with the error checks of a map made before anything is
 * changed.
 */
final class MapWalk {
  private final IommuDomain domain;
  private final PageTable pageTable;
  private final PageTableFormat format;
  private final TableOwner tables;
  private final Incoherence incoherence;
  private final Range range;
  private final Cursor[] cursors = new Cursor[Geometry.MAX_LEVELS];
  private final Cursor inner;
  private final IotlbGather gather = new IotlbGather();
  private final PageList replaced = new PageList();

  private long iova;
  private long lastVa;
  private long pa;
  private LeafTemplate template;
  private long mapped;

  // The plan.
  private int sizeLg2;
  private int leafLevel;
  private long remaining;

  MapWalk(IommuDomain domain) {
    this.domain = domain;
    pageTable = domain.pageTable();
    format = pageTable.format();
    tables = domain.tables();
    incoherence = domain.incoherence();
    range = new Range(pageTable);
    for (int level = 0; level < cursors.length; level++) {
      cursors[level] = new Cursor(range);
    }
    inner = new Cursor(range);
    template = pageTable.template(Protection.READ_WRITE);
  }

  /**
   * Maps {@code [iova, lastVa]} to {@code pa} and on.
   *
   * @throws IommuException with the bytes mapped, which stay
   */
  void map(long newIova, long newLastVa, long newPa, LeafTemplate newTemplate) {
    iova = newIova;
    lastVa = newLastVa;
    pa = newPa;
    template = newTemplate;
    mapped = 0;
    try {
      plan();
      Root root = domain.growth().reach(iova, lastVa, leafLevel);
      range.set(pageTable, root, iova, lastVa);
      boolean again;
      do {
        again = walk(range.root(), range.topLevel());
      } while (again);
    } catch (IommuException e) {
      throw e.withBytesDone(mapped);
    } finally {
      domain.sync(gather);
    }
  }

  private void plan() {
    long bitmap = domain.pageSizeBitmap();
    sizeLg2 = PageSizes.best(bitmap, iova + mapped, lastVa, pa + mapped);
    if (sizeLg2 == PageSizes.NONE) {
      throw RequestChecks.noPageSize(
          bitmap, iova + mapped, pa + mapped, lastVa - iova - mapped + 1);
    }
    remaining = PageSizes.count(bitmap, iova + mapped, lastVa, pa + mapped, sizeLg2);
    leafLevel = pageTable.levelOfSize(sizeLg2);
  }

  /**
   * Walks the rest of the range in one table; true if it must be walked again from where it stands.
   */
  private boolean walk(long table, int level) {
    Cursor at = cursors[level].enter(range, table, level);
    return level == leafLevel ? layLeaves(at) : descend(at);
  }

  private boolean descend(Cursor at) {
    while (true) {
      switch (at.load()) {
        case LEAF -> throw inUse(at);
        case EMPTY -> {
          if (!installNewTable(at)) {
            return true;
          }
        }
        case TABLE -> incoherence.ensurePointerVisible(at);
      }
      long child = tables.child(at);
      boolean again;
      do {
        again = walk(child, at.level() - 1);
      } while (again);
      at.setIndex(at.index() + 1);
      if (!at.isInside()) {
        return false;
      }
      at.syncVa();
      if (leafLevel == at.level()) {
        return true;
      }
    }
  }

  /** False if another mapper was faster; its table will do as well. */
  private boolean installNewTable(Cursor at) {
    long child = tables.allocate(format.geometry().tableMemLg2());
    if (at.installTable(child)) {
      incoherence.publishPointer(at);
      return true;
    }
    tables.free(child);
    return false;
  }

  private boolean layLeaves(Cursor at) {
    int first = at.index();
    try {
      installLeaves(at);
    } finally {
      incoherence.flushItems(at.table(), first, at.index());
    }
    if (remaining > 0 || iova + mapped - 1 == lastVa) {
      return false;
    }
    plan();
    if (!at.isInside()) {
      return false;
    }
    range.moveTo(iova + mapped);
    return true;
  }

  /** Lays as many leaves of the plan as the slice in this table has room for. */
  private void installLeaves(Cursor at) {
    TableLevel level = pageTable.level(at.level());
    int contig = sizeLg2 - level.itemSizeLg2();
    int leaves = (int) Math.min(remaining, (at.endIndex() - at.index()) >> contig);
    while (leaves > 0) {
      int items = leaves << contig;
      int free = level.emptyItems(at.table(), at.index(), at.index() + items) >> contig;
      if (free == 0) {
        makeRoom(at, 1 << contig);
        free = 1;
      }
      level.installLeaves(at.table(), at.index(), free, pa + mapped, sizeLg2, template);
      at.setIndex(at.index() + (free << contig));
      leaves -= free;
      remaining -= free;
      mapped += (long) free << sizeLg2;
    }
  }

  /** Empties the items that the next leaf will cover: tables without a leaf in them give way. */
  private void makeRoom(Cursor at, int items) {
    for (int i = 0; i < items; i++) {
      long itemVa = iova + mapped + ((long) i << at.itemSizeLg2());
      inner.enter(range, at.table(), at.level());
      inner.setIndex(at.index() + i);
      switch (inner.load()) {
        case EMPTY -> {}
        case LEAF -> throw inUse(inner);
        case TABLE -> {
          collectEmptyTables(tables.child(inner), at.level() - 1);
          format.clear(pageTable.memory(), at.table(), at.index() + i, 1);
          incoherence.flushItems(at.table(), at.index() + i, at.index() + i + 1);
          domain.gather(gather, itemVa, 1L << at.itemSizeLg2(), replaced);
        }
      }
    }
  }

  /** Retires a table and all below it; with a leaf anywhere in them nothing is retired. */
  private void collectEmptyTables(long table, int level) {
    try {
      collect(table, level);
    } catch (IommuException e) {
      tables.restoreAll(replaced);
      throw e;
    }
  }

  private void collect(long table, int level) {
    tables.retire(table, replaced);
    int items = 1 << format.itemsLg2(level);
    Cursor at = new Cursor(range).enter(range, table, level);
    for (int index = 0; index < items; index++) {
      at.setIndex(index);
      EntryType type = at.load();
      if (type == EntryType.LEAF) {
        throw inUse(at);
      }
      if (type == EntryType.TABLE) {
        collect(tables.child(at), level - 1);
      }
    }
  }

  private IommuException inUse(Cursor at) {
    return new IommuException(
        Errno.EADDRINUSE,
        iova + mapped,
        mapped,
        "input address %#x: a leaf %#018x of 2^%d bytes at level %d is in the way of a page of 2^%d bytes"
            .formatted(iova + mapped, at.word(), at.entrySizeLg2(), at.level(), sizeLg2));
  }
}
