package dev.genpt.bits;

/**
 * Arithmetic with powers of two given by their exponent ("lg2"), on unsigned 64-bit values in
 * {@code long}.
 *
 * <p>Java masks shift counts ({@code x << 64 == x}), so the usual forms go wrong without a sound at
 * an exponent of 64. Every method here accepts {@code 0..64} and answers as a wider integer would.
 *
 * <p>Stateless: any thread may call any method at any time. Source of the rules: upstream {@code
 * pt_log2.h}.
 */
public final class Log2 {
  private Log2() {}

  /** 2^{@code b}; {@code b} in 0..63. For 64 the value does not fit and 0 is returned. */
  public static long toValue(int b) {
    return b >= Long.SIZE ? 0 : 1L << b;
  }

  /** The low {@code b} bits set, that is 2^b - 1: 0 for {@code b == 0}, all ones for 64. */
  public static long toMax(int b) {
    return b == 0 ? 0 : -1L >>> (Long.SIZE - b);
  }

  /** {@code a} divided by 2^b, unsigned; 0 for {@code b == 64}. */
  public static long div(long a, int b) {
    return b >= Long.SIZE ? 0 : a >>> b;
  }

  /** {@code a} modulo 2^b; {@code a} itself for {@code b == 64}. */
  public static long mod(long a, int b) {
    return a & toMax(b);
  }

  /** {@code a} times 2^b; bits that leave the word are lost, all of them for {@code b == 64}. */
  public static long mul(long a, int b) {
    return b >= Long.SIZE ? 0 : a << b;
  }

  /** True if {@code a} and {@code c} lie in the same block of 2^b; always true for 64. */
  public static boolean divEqual(long a, long c, int b) {
    return div(a ^ c, b) == 0;
  }

  /** True if {@code a} is the last byte of a block of 2^b. */
  public static boolean modEqualsMax(long a, int b) {
    return mod(a, b) == toMax(b);
  }

  /**
   * {@code a} with its low {@code b} bits replaced by {@code value}.
   *
   * <p>{@code value} is OR-ed in and not masked: the caller keeps it below 2^b, or its upper bits
   * merge into those of {@code a} (no carry is added).
   */
  public static long setMod(long a, long value, int b) {
    return (a & ~toMax(b)) | value;
  }

  /** The last address of the block of 2^b that holds {@code a}. */
  public static long setModMax(long a, int b) {
    return a | toMax(b);
  }

  /** {@code a} rounded down to a multiple of 2^b; 0 for 64. */
  public static long alignDown(long a, int b) {
    return a & ~toMax(b);
  }

  /** {@code a} rounded up to a multiple of 2^b; wraps to 0 past the last multiple. */
  public static long alignUp(long a, int b) {
    return (a + toMax(b)) & ~toMax(b);
  }

  /** True if {@code a} is a multiple of 2^b. */
  public static boolean isAligned(long a, int b) {
    return mod(a, b) == 0;
  }

  /** Index of the lowest set bit: the largest {@code b} with {@code a mod 2^b == 0}; 64 for 0. */
  public static int ffs(long a) {
    return Long.numberOfTrailingZeros(a);
  }

  /** One more than the index of the highest set bit; 0 for 0, 64 for all ones. */
  public static int fls(long a) {
    return Long.SIZE - Long.numberOfLeadingZeros(a);
  }

  /** Index of the lowest clear bit; 64 for all ones. */
  public static int ffz(long a) {
    return Long.numberOfTrailingZeros(~a);
  }

  /** Bit {@code b - 1} copied into every bit at and above it; {@code b} in 1..64. */
  public static long signExtend(long a, int b) {
    int unused = Long.SIZE - b;
    return (a << unused) >> unused;
  }
}
