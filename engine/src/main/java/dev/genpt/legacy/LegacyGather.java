package dev.genpt.legacy;

import dev.genpt.memory.PageList;
import dev.genpt.table.IotlbGather;

/**
 * A pending invalidation as the old engines keep it: beside the range and the tables to free, the
 * one page size that everything in it has.
 *
 * <p>Not thread-safe: it belongs to one caller.
 */
public final class LegacyGather {
  private final IotlbGather range;
  private long pageSize;

  /**
   * An empty gather.
   *
   * @param queued true if the caller will flush everything later
   */
  public LegacyGather(boolean queued) {
    range = new IotlbGather(queued);
  }

  /** First address to invalidate; all ones while nothing is held. */
  public long start() {
    return range.start();
  }

  /** Last address to invalidate, inclusive; 0 while nothing is held. */
  public long end() {
    return range.end();
  }

  /** Bytes of each page in the range; 0 if no page was added by its size. */
  public long pageSize() {
    return pageSize;
  }

  /** True if the caller flushes everything later. */
  public boolean queued() {
    return range.queued();
  }

  /** Tables that wait for the invalidation. */
  public PageList freelist() {
    return range.freelist();
  }

  /** True if no range is held. */
  public boolean isEmpty() {
    return range.isEmpty();
  }

  /** True if a range is held and {@code [iova, iova + length)} neither overlaps nor touches it. */
  boolean isDisjoint(long iova, long length) {
    return range.isDisjoint(iova, length);
  }

  /** Widens the range to hold {@code [iova, iova + length)} too. */
  void addRange(long iova, long length) {
    range.addRange(iova, length);
  }

  /** True if a page of {@code size} bytes at {@code iova} can't be invalidated together with it. */
  boolean conflictsWith(long iova, long size) {
    return (pageSize != 0 && pageSize != size) || isDisjoint(iova, size);
  }

  /** Adds a page that does not conflict. */
  void addPage(long iova, long size) {
    pageSize = size;
    addRange(iova, size);
  }

  void reset() {
    pageSize = 0;
    range.resetRange();
  }
}
