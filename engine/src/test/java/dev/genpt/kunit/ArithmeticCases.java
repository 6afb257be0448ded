package dev.genpt.kunit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.bits.Log2;
import dev.genpt.table.PageSizes;
import java.util.random.RandomGenerator;

/**
 * The cases of the format suite that need no table: bits of a word, and the choice of page sizes.
 *
 * <p>32-bit values are looked at in the low half of a 64-bit word. Source: upstream {@code
 * kunit_generic_pt.h}.
 */
final class ArithmeticCases {
  private static final int RANDOM_VALUES = 32;
  private static final long ALL_ONES_32 = 0xffff_ffffL;
  private static final long SIZE_4K = 1L << 12;
  private static final long SIZE_2M = 1L << 21;
  private static final long SIZE_1G = 1L << 30;

  private ArithmeticCases() {}

  static void bitops(KunitFixture fixture) {
    assertEquals(0, Log2.fls(0));
    assertEquals(1, Log2.fls(1));
    assertEquals(3, Log2.fls(1L << 2));
    assertEquals(32, Log2.fls(ALL_ONES_32));
    assertEquals(64, Log2.fls(-1L));
    for (int bit : new int[] {0, 2, 31, 63}) {
      assertEquals(bit, Log2.ffs(1L << bit));
    }
    for (int bit = 0; bit < Long.SIZE - 1; bit++) {
      assertEquals(bit, Log2.ffz(Log2.toMax(bit)));
    }
    for (int i = 0; i < RANDOM_VALUES; i++) {
      long value = fixture.random().nextLong();
      checkLowestBits(value);
      checkLowestBits(value & ALL_ONES_32);
    }
  }

  private static void checkLowestBits(long value) {
    assertEquals(0, Log2.mod(value, Log2.ffs(value)), () -> "ffs of %#x".formatted(value));
    int ones = Log2.ffz(value);
    assertEquals(Log2.toMax(ones), Log2.mod(value, ones), () -> "ffz of %#x".formatted(value));
  }

  static void bestPageSize(KunitFixture fixture) {
    RandomGenerator random = fixture.random();
    for (int a = 1; a < 10; a++) {
      for (int b = 1; b < 10; b++) {
        for (int c = 1; c < 10; c++) {
          checkRandomPrefix(random, random.nextLong(), a, b, c);
          checkBest(random.nextLong(), -1L << a, -1L, -1L << b);
          checkRandomPrefix(random, 0, a, b, c);
        }
      }
    }
    for (int c = 1; c < Long.SIZE - 1; c++) {
      checkBest(random.nextLong(), 0, Log2.toMax(c), 0);
    }
    for (int a = 32; a < 42; a++) {
      for (int b = 32; b < 42; b++) {
        for (int c = 32; c < 42; c++) {
          checkRandomPrefix(random, random.nextLong(), a, b, c);
        }
      }
    }
  }

  private static void checkRandomPrefix(RandomGenerator random, long bitmap, int a, int b, int c) {
    long va = random.nextLong() << a;
    long oa = random.nextLong() << b;
    long last = Log2.setModMax(random.nextLong(), c);
    boolean inOrder = Long.compareUnsigned(va, last) <= 0;
    checkBest(bitmap, inOrder ? va : last, inOrder ? last : va, oa);
  }

  private static void checkBest(long bitmap, long va, long last, long oa) {
    int best = PageSizes.best(bitmap, va, last, oa);
    assertEquals(
        bestByTrying(bitmap, va, last, oa),
        best,
        () -> "bitmap %#x, va %#x, last %#x, oa %#x".formatted(bitmap, va, last, oa));
    if (bitmap == 0) {
      assertEquals(PageSizes.NONE, best);
    }
  }

  /** The largest size that passes every condition by itself. */
  private static int bestByTrying(long bitmap, long va, long last, long oa) {
    for (int n = Long.SIZE - 1; n > 0; n--) {
      long rest = Log2.toMax(n);
      if ((bitmap & Log2.toValue(n)) != 0
          && Log2.isAligned(va, n)
          && Log2.isAligned(oa, n)
          && Long.compareUnsigned(va + rest, last) <= 0
          && Log2.divEqual(va, va + rest, n)
          && Log2.divEqual(oa, oa + rest, n)) {
        return n;
      }
    }
    return PageSizes.NONE;
  }

  static void pageCount(KunitFixture fixture) {
    assertEquals(SIZE_1G / SIZE_4K, PageSizes.count(SIZE_4K, 0, SIZE_1G - 1, 0, 12));
    assertEquals(511, PageSizes.count(SIZE_2M | SIZE_4K, SIZE_4K, SIZE_1G - 1, SIZE_4K, 12));
  }
}
