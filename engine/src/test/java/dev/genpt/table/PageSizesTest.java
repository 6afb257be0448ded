package dev.genpt.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.bits.Log2;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which page size comes next, and how often. The tables are upstream's observed answers. */
final class PageSizesTest {
  private static final long SIZES_4K_2M_1G = 0x4020_1000L;
  private static final long ALL_FROM_4K = -1L << 12;

  @ParameterizedTest
  @CsvSource({
    "0x200000, 0x5fffff, 0x40200000, 21",
    "0x200000, 0x5fffff, 0x40201000, 12",
    "0x200000, 0x3ffffe, 0x40200000, 12",
    "0, 0x3fffffff, 0, 30",
    "0, 0x3fffefff, 0, 21",
    "0x1000, 0x1fff, 0x800, 0",
    "0xffffffffffe00000, 0xffffffffffffffff, 0x200000, 21",
  })
  void bestOf4K2M1G(String va, String lastVa, String oa, int expected) {
    assertEquals(expected, PageSizes.best(SIZES_4K_2M_1G, word(va), word(lastVa), word(oa)));
  }

  @Test
  void bestWhereOnlyLargerPagesExist() {
    assertEquals(PageSizes.NONE, PageSizes.best(1L << 21, 0x1000, 0x1fffff, 0x1000));
  }

  @Test
  void bestIsHalfOfTheSpaceAtMost() {
    assertEquals(63, PageSizes.best(ALL_FROM_4K, Long.MIN_VALUE, -1, 0));
    assertEquals(PageSizes.NONE, PageSizes.best(ALL_FROM_4K, 0, -1, 0), "all 2^64 has no length");
  }

  @Test
  void bestIsSmallWhereAddressesNeverAgree() {
    assertEquals(12, PageSizes.best(ALL_FROM_4K, 0xfef80000L, 0xfef9ffffL, 0x208b95d000L));
  }

  @Test
  void oneByteAndNoSizesHaveNoBest() {
    assertEquals(PageSizes.NONE, PageSizes.best(ALL_FROM_4K, 0x1000, 0x1000, 0x1000));
    assertEquals(PageSizes.NONE, PageSizes.best(0, 0, 0xfff, 0));
  }

  @Test
  void bestAgreesWithTryingEverySize() {
    Random random = new Random(5);
    for (int round = 0; round < 20_000; round++) {
      long bitmap = random.nextLong() & ALL_FROM_4K;
      long va = Log2.alignDown(random.nextLong(), random.nextInt(64));
      long oa = Log2.alignDown(random.nextLong(), random.nextInt(64));
      long length = Math.max(2, random.nextLong() >>> (1 + random.nextInt(62)));
      long lastVa = Long.compareUnsigned(va + length - 1, va) > 0 ? va + length - 1 : -1;
      if (lastVa - va >= 1) {
        assertEquals(tryEverySize(bitmap, va, lastVa, oa), PageSizes.best(bitmap, va, lastVa, oa));
      }
    }
  }

  private static int tryEverySize(long bitmap, long va, long lastVa, long oa) {
    for (int size = 63; size > 0; size--) {
      long lastOfPage = va + (1L << size) - 1;
      if ((bitmap >>> size & 1) == 1
          && Log2.isAligned(va | oa, size)
          && Long.compareUnsigned(lastOfPage, lastVa) <= 0) {
        return size;
      }
    }
    return PageSizes.NONE;
  }

  @ParameterizedTest
  @CsvSource({
    "0x1000, 0, 0x3fffffff, 0, 12, 0x40000",
    "0x201000, 0x1000, 0x3fffffff, 0x1000, 12, 511",
    "0x40201000, 0x1000, 0x3fffffff, 0x2000, 12, 0x3ffff",
    "0x40201000, 0x3fe400000, 0x4c05fffff, 0x3fe400000, 21, 14",
    "0x40201000, 0x1fe000, 0x200fff, 0x1fe000, 12, 2",
  })
  void runLengths(String bitmap, String va, String lastVa, String oa, int size, String expected) {
    assertEquals(
        word(expected), PageSizes.count(word(bitmap), word(va), word(lastVa), word(oa), size));
  }

  @Test
  void runsDropATrailingFraction() {
    assertEquals(1, PageSizes.count(1L << 12, 0, 0x1fff - 1, 0, 12));
  }

  private static long word(String text) {
    return text.startsWith("0x")
        ? Long.parseUnsignedLong(text.substring(2), 16)
        : Long.parseUnsignedLong(text);
  }
}
