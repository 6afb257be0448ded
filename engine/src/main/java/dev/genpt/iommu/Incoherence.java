package dev.genpt.iommu;

import dev.genpt.table.Cursor;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a domain does for a walker that does not snoop CPU caches: table memory is written back
 * before hardware may reach it, in the order child, pointer, mark.
 *
 * <p>The mark, software bit 0 of a table item, says that the item itself was written back. A mapper
 * that meets an item without it, because another thread is between the two steps, writes it back
 * itself: when a map returns, all pointers on its path are in memory.
 *
 * <p>Without the feature DMA_INCOHERENT every method does nothing. Threads: as {@link IommuDomain}.
 * Source: upstream {@code iommu_pt.h}.
 */
final class Incoherence {
  private static final int FLUSH_DONE = 0;

  private final PageTableFormat format;
  private final int wordLg2;
  private final @Nullable TableFlusher flusher;

  Incoherence(PageTable pageTable, @Nullable TableFlusher flusher) {
    format = pageTable.format();
    wordLg2 = format.geometry().wordLg2();
    this.flusher = pageTable.has(Feature.DMA_INCOHERENT) ? flusher : null;
  }

  /** True if table memory must be written back. */
  boolean isOn() {
    return flusher != null;
  }

  /** A new table of 2^{@code sizeLg2} bytes becomes visible to the walker. */
  void publishTable(long table, int sizeLg2) {
    if (flusher != null) {
      flusher.flush(table, 1 << sizeLg2);
    }
  }

  /** Items {@code [from, to)} of a table were written. */
  void flushItems(long table, int from, int to) {
    if (flusher != null) {
      flusher.flush(table + ((long) from << wordLg2), (to - from) << wordLg2);
    }
  }

  /** The mark of a pointer that is written back together with the private table it stands in. */
  long privatePointerMark() {
    return flusher != null ? format.softwareBit(FLUSH_DONE) : 0;
  }

  /** The pointer at the cursor was just installed by this thread. */
  void publishPointer(Cursor at) {
    if (flusher != null) {
      flushItems(at.table(), at.index(), at.index() + 1);
      at.setSoftwareBit(FLUSH_DONE);
    }
  }

  /**
   * The pointer at the cursor was found; it may be another thread's that is not written back yet.
   */
  void ensurePointerVisible(Cursor at) {
    if (flusher != null) {
      VarHandle.acquireFence();
      if (!at.testSoftwareBit(FLUSH_DONE)) {
        flushItems(at.table(), at.index(), at.index() + 1);
      }
    }
  }
}
