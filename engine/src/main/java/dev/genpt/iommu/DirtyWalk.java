package dev.genpt.iommu;

import dev.genpt.bits.Log2;
import dev.genpt.table.Cursor;
import dev.genpt.table.EntryType;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.Range;

/**
 * The walk that reads dirty bits: every dirty leaf that meets the range is reported, cut to what
 * was asked for, and made clean unless the caller only looks.
 *
 * <p>Cleaning concerns the whole leaf, so the whole leaf is gathered. Not thread-safe; one a call.
 * Source: upstream {@code iommu_pt.h}, with the extents of contiguous and half-covered leaves
 * mended.
 */
final class DirtyWalk {
  private final TableOwner tables;
  private final boolean clear;
  private final DirtyRecorder recorder;
  private final IotlbGather gather;
  private int visits;
  private long lastAsked;

  DirtyWalk(TableOwner tables, boolean clear, DirtyRecorder recorder, IotlbGather gather) {
    this.tables = tables;
    this.clear = clear;
    this.recorder = recorder;
    this.gather = gather;
  }

  /**
   * Walks a range, whole.
   *
   * @param lastOfRequest last address of what was asked for, at or beyond that of the range: a leaf
   *     that passes the end of the range is reported up to there
   */
  void run(Range range, long lastOfRequest) {
    visits = 0;
    lastAsked = lastOfRequest;
    walk(new Cursor(range));
  }

  private void walk(Cursor at) {
    visits = tables.countVisit(visits, at);
    while (at.isInside()) {
      EntryType type = at.load();
      if (type == EntryType.TABLE) {
        tables.child(at);
        walk(at.descend());
      } else if (type == EntryType.LEAF && at.isDirty()) {
        report(at);
      }
      at.next();
      if (at.isInside()) {
        at.syncVa();
      }
    }
  }

  private void report(Cursor at) {
    int sizeLg2 = at.entrySizeLg2();
    long va = at.range().va();
    long lastOfEntry = Log2.setModMax(va, sizeLg2);
    long last = Long.compareUnsigned(lastOfEntry, lastAsked) < 0 ? lastOfEntry : lastAsked;
    recorder.record(va, last - va + 1);
    if (clear) {
      at.makeClean();
      gather.addRange(Log2.alignDown(va, sizeLg2), Log2.toValue(sizeLg2));
    }
  }
}
