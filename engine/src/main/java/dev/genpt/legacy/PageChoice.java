package dev.genpt.legacy;

import dev.genpt.bits.Log2;

/**
 * How the old core cuts a request into calls of an engine: the largest page that fits, and how many
 * of them before a larger one would.
 *
 * <p>Stateless. Source: upstream {@code iommu_pgsize}.
 */
final class PageChoice {
  private PageChoice() {}

  /**
   * The size of the pages of the next call, lg2.
   *
   * @param bitmap sizes that the engine has
   * @param size bytes that remain, a multiple of the smallest page as {@code iova} and {@code pa}
   *     are
   */
  static int sizeLg2(long bitmap, long iova, long pa, long size) {
    long fitting = bitmap & Log2.toMax(Log2.fls(size));
    long address = iova | pa;
    if (address != 0) {
      fitting &= Log2.toMax(Log2.ffs(address) + 1);
    }
    return Log2.fls(fitting) - 1;
  }

  /** How many pages of 2^{@code sizeLg2} bytes the next call maps. */
  static long count(long bitmap, long iova, long pa, long size, int sizeLg2) {
    long larger = bitmap & ~Log2.toMax(sizeLg2 + 1);
    long span = size;
    if (larger != 0) {
      long next = Long.lowestOneBit(larger);
      if (((iova ^ pa) & (next - 1)) == 0) {
        long distance = next - ((iova | pa) & (next - 1));
        long withOneMore = distance + next;
        if (Long.compareUnsigned(withOneMore, distance) > 0
            && Long.compareUnsigned(withOneMore, size) <= 0) {
          span = distance;
        }
      }
    }
    return span >>> sizeLg2;
  }
}
