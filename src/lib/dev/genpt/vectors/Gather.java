package dev.genpt.vectors;

import java.util.List;

/**
 * A pending invalidation as it was recorded.
 *
 * @param start first address, all ones if there is none
 * @param end last address, inclusive; 0 if there is none
 * @param freed tables on its free list
 * @param pageSize bytes of each page in it, where an old engine set that; else 0
 */
record Gather(long start, long end, int freed, long pageSize) implements Value {
  /** As a gather begins. */
  static final Gather UNTOUCHED = new Gather(-1L, 0, 0);

  /** A gather without a page size. */
  Gather(long start, long end, int freed) {
    this(start, end, freed, 0);
  }

  /** With {@code [iova, iova + length)} added; for length 0 the ends still move, as upstream's. */
  Gather add(long iova, long length) {
    long last = iova + length - 1;
    return new Gather(
        Long.compareUnsigned(iova, start) < 0 ? iova : start,
        Long.compareUnsigned(last, end) > 0 ? last : end,
        freed);
  }

  /** With another number of tables. */
  Gather withFreed(int tables) {
    return new Gather(start, end, tables);
  }

  /** Whether the driver is called for it: it holds two addresses at least. */
  boolean isSynced() {
    return Long.compareUnsigned(start, end) < 0;
  }

  /** What the driver is told when it is flushed. */
  List<Event> syncEvents() {
    return isSynced() ? List.of(Event.sync(start, end, freed)) : List.of();
  }

  /** True if a range is held, and {@code [iova, iova + length)} neither overlaps nor abuts it. */
  boolean isDisjoint(long iova, long length) {
    long last = iova + length - 1;
    boolean below = Long.compareUnsigned(last, start) < 0 && last + 1 != start;
    boolean above = Long.compareUnsigned(iova, end) > 0 && end + 1 != iova;
    return isSynced() && (below || above);
  }

  /**
   * As {@link #isDisjoint}, the way upstream tests it: the sums may pass 2^64, and a gather moved
   * by a length of zero counts as one that holds something.
   */
  boolean isDisjointUpstream(long iova, long length) {
    return end != 0
        && (Long.compareUnsigned(iova + length, start) < 0
            || Long.compareUnsigned(iova, end + 1) > 0);
  }

  @Override
  public String toString() {
    String pages = pageSize == 0 ? "" : ", pages of %#x".formatted(pageSize);
    return "start %#x, end %#x, %d freed%s".formatted(start, end, freed, pages);
  }
}
