package dev.genpt.table;

import dev.genpt.bits.Log2;

/**
 * Which page size to use next, and how often: the two questions of every map.
 *
 * <p>A page size bitmap has bit {@code n} set when a leaf of 2^n bytes can be stored. Stateless.
 * Source of the rules: upstream {@code pt_iter.h} ({@code pt_compute_best_pgsize}, {@code
 * pt_pgsz_count}).
 */
public final class PageSizes {
  /** The answer of {@link #best} when no size fits; a page of one byte does not exist. */
  public static final int NONE = 0;

  private PageSizes() {}

  /**
   * The largest page size, lg2, that a leaf at {@code va} for {@code oa} can have without passing
   * {@code lastVa}; {@link #NONE} if no size of the bitmap fits.
   *
   * <p>Needs {@code va < lastVa} unsigned; a range of one byte, or of all 2^64, has no size.
   *
   * @param bitmap the sizes to choose from
   * @param va first input address
   * @param lastVa last input address, inclusive
   * @param oa output address for {@code va}
   */
  public static int best(long bitmap, long va, long lastVa, long oa) {
    long length = lastVa - va + 1;
    if (length <= 1 && length >= 0) {
      return NONE;
    }
    // The size is at most the lowest set bit of the addresses and the highest of the length.
    int limit = Log2.ffs(va | oa | Long.highestOneBit(length));
    long fitting = bitmap & Log2.toMax(limit + 1);
    return Math.max(0, Log2.fls(fitting) - 1);
  }

  /**
   * How many leaves of 2^{@code sizeLg2} to lay from {@code va} on before the size ought to grow or
   * the range ends; a remainder smaller than a leaf is not counted.
   *
   * @param bitmap the sizes to choose from
   * @param va first input address
   * @param lastVa last input address, inclusive
   * @param oa output address for {@code va}
   * @param sizeLg2 the size in use, a bit of the bitmap
   */
  public static long count(long bitmap, long va, long lastVa, long oa, int sizeLg2) {
    long length = lastVa - va + 1;
    if (length >>> sizeLg2 == 1) {
      return 1;
    }
    long larger = bitmap & ~Log2.toMax(sizeLg2 + 1);
    if (larger != 0) {
      int nextLg2 = Log2.ffs(larger);
      // Only addresses that agree below the next size ever become aligned to it together.
      if (Log2.mod(va ^ oa, nextLg2) == 0) {
        long toBoundary = Log2.setModMax(va, nextLg2) - va + 1;
        length = Long.compareUnsigned(toBoundary, length) < 0 ? toBoundary : length;
      }
    }
    return length >>> sizeLg2;
  }
}
