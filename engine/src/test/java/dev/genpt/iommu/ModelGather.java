package dev.genpt.iommu;

import dev.genpt.fixture.RecordingDriver.Event;
import java.util.ArrayList;
import java.util.List;

/** What must be pending in a gather: the range to invalidate, and how many tables wait for it. */
final class ModelGather {
  private final boolean queued;
  private long start = -1;
  private long last;
  private int tables;

  ModelGather(boolean queued) {
    this.queued = queued;
  }

  /** First address to invalidate; all ones if there is none. */
  long start() {
    return start;
  }

  /** Last address to invalidate; 0 if there is none. */
  long last() {
    return last;
  }

  /** Tables that wait. */
  int tables() {
    return tables;
  }

  /** Widens the range. */
  void add(long iova, long bytes) {
    start = start == -1 || Long.compareUnsigned(iova, start) < 0 ? iova : start;
    last = Long.compareUnsigned(iova + bytes - 1, last) > 0 ? iova + bytes - 1 : last;
  }

  private boolean touches(long iova, long bytes) {
    long lastOf = iova + bytes - 1;
    return (lastOf == -1 || Long.compareUnsigned(lastOf + 1, start) >= 0)
        && (last == -1 || Long.compareUnsigned(iova, last + 1) <= 0);
  }

  /** What the driver of one domain must be told, and when. */
  static final class Syncs {
    private final boolean noGaps;
    private final ModelTables modelTables;
    private final List<Event> events = new ArrayList<>();

    Syncs(boolean noGaps, ModelTables modelTables) {
      this.noGaps = noGaps;
      this.modelTables = modelTables;
    }

    /** Adds what was unmapped, and the tables retired with it. */
    void add(ModelGather gather, long iova, long bytes, int retired) {
      if (!gather.queued) {
        if (noGaps && gather.start != -1 && !gather.touches(iova, bytes)) {
          sync(gather);
        }
        gather.add(iova, bytes);
      }
      gather.tables += retired;
    }

    /** Invalidates, and frees the tables. */
    void sync(ModelGather gather) {
      if (gather.start != -1) {
        events.add(new Event.Sync(gather.start, gather.last, gather.tables, modelTables.held()));
      } else if (gather.tables != 0) {
        events.add(new Event.FlushAll(modelTables.held()));
      }
      modelTables.free(gather.tables);
      gather.start = -1;
      gather.last = 0;
      gather.tables = 0;
    }

    /** The news of a mapping. */
    void mapped(long iova, long bytes) {
      events.add(new Event.SyncMap(iova, bytes));
    }

    /** Everything that happened since the last call of this method. */
    List<Event> takeAll() {
      List<Event> taken = List.copyOf(events);
      events.clear();
      return taken;
    }
  }
}
