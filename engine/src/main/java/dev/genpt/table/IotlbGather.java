package dev.genpt.table;

import dev.genpt.memory.PageList;

/**
 * A pending invalidation: one covering range of input addresses, and the tables that may be freed
 * only after it (upstream: {@code iommu_iotlb_gather}).
 *
 * <p>Not thread-safe: it belongs to one caller, who may carry it over several unmaps.
 */
public final class IotlbGather {
  private final PageList freelist = new PageList();
  private final boolean queued;
  private long start = -1L;
  private long end;

  /** An empty gather. */
  public IotlbGather() {
    this(false);
  }

  /**
   * An empty gather.
   *
   * @param queued true if the caller will flush everything later: ranges are then not recorded,
   *     freed tables still are
   */
  public IotlbGather(boolean queued) {
    this.queued = queued;
  }

  /** First address to invalidate; all ones while {@link #isEmpty}. */
  public long start() {
    return start;
  }

  /** Last address to invalidate, inclusive; 0 while {@link #isEmpty}. */
  public long end() {
    return end;
  }

  /** True if the caller flushes everything later. */
  public boolean queued() {
    return queued;
  }

  /** Tables that wait for the invalidation. */
  public PageList freelist() {
    return freelist;
  }

  /** True if no range is held. */
  public boolean isEmpty() {
    return Long.compareUnsigned(start, end) >= 0;
  }

  /** Widens the range to hold {@code [iova, iova + length)} too; {@code length} is not 0. */
  public void addRange(long iova, long length) {
    long last = iova + length - 1;
    start = Long.compareUnsigned(iova, start) < 0 ? iova : start;
    end = Long.compareUnsigned(last, end) > 0 ? last : end;
  }

  /** True if a range is held and {@code [iova, iova + length)} neither overlaps nor touches it. */
  public boolean isDisjoint(long iova, long length) {
    if (isEmpty()) {
      return false;
    }
    long last = iova + length - 1;
    boolean below = Long.compareUnsigned(last, start) < 0 && start - last != 1;
    boolean above = Long.compareUnsigned(iova, end) > 0 && iova - end != 1;
    return below || above;
  }

  /** Forgets the range; the free list is its caller's. */
  public void resetRange() {
    start = -1L;
    end = 0;
  }
}
