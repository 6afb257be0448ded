package dev.genpt.amd.driver;

import dev.genpt.bits.Log2;

/**
 * The addresses that one invalidation command covers: a page of 4 KiB, a naturally aligned power of
 * two, or everything.
 *
 * <pre>
 * word   63:12 address with the size in its low ones | 0 S
 *
 * S = 0: the page. S = 1: the first zero at or above bit 12 is bit z, the block has 2^(z+1) bytes.
 * </pre>
 *
 * @param word the address bits and S as a command holds them
 */
public record InvalidationRange(long word) {
  /** Every address; in words that no block can have. */
  public static final InvalidationRange EVERYTHING = new InvalidationRange(0x7fff_ffff_ffff_f001L);

  private static final int PAGE_LG2 = 12;
  private static final int HIGHEST_BIT = 51;

  /**
   * The smallest block that holds {@code [first, last]}: there is no bound on what else it holds.
   *
   * @param last inclusive, not below {@code first}
   */
  public static InvalidationRange covering(long first, long last) {
    long page = Log2.alignDown(first, PAGE_LG2);
    if (Log2.divEqual(first, last, PAGE_LG2)) {
      return new InvalidationRange(page);
    }
    int differing = Log2.fls(first ^ last) - 1;
    return differing > HIGHEST_BIT
        ? EVERYTHING
        : new InvalidationRange(Log2.alignDown(Log2.setModMax(first, differing), PAGE_LG2) | 1);
  }

  /**
   * The first of the naturally aligned blocks that {@code [first, last]} consists of; the next
   * begins {@code 2^}this after it.
   *
   * @return its size, lg2 of bytes; it may be less than a page
   */
  static int firstBlockLg2(long first, long last) {
    int ofLength = Log2.fls(last - first + 1) - 1;
    return ofLength < 0 ? Log2.ffs(first) : Math.min(Log2.ffs(first), ofLength);
  }

  /** True if every address is covered. */
  public boolean isEverything() {
    return sizeLg2() > HIGHEST_BIT;
  }

  /** Bytes covered, lg2; 64 for everything. */
  public int sizeLg2() {
    if ((word & 1) == 0) {
      return PAGE_LG2;
    }
    int zero = Log2.ffz(Log2.setModMax(word, PAGE_LG2));
    return zero >= HIGHEST_BIT ? Long.SIZE : zero + 1;
  }

  /** First address covered. */
  public long first() {
    return Log2.alignDown(word, sizeLg2());
  }

  /** Last address covered, inclusive. */
  public long last() {
    return Log2.setModMax(word, sizeLg2());
  }

  @Override
  public String toString() {
    return isEverything() ? "everything" : "[%#x, %#x]".formatted(first(), last());
  }
}
