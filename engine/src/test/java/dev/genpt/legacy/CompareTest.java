package dev.genpt.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.genpt.bits.Log2;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same on old and new engine side by side: their tables are the same, word for word. Source of
 * the cases: upstream {@code kunit_iommu_cmp.h}; the random one is ours.
 */
final class CompareTest {
  private static final long OUTPUT = 0x74a71445deadbeefL;
  private static final int PROTECTIONS = 32;
  private static final long PAGE = 0x1000;

  private static List<Integer> sizes(BothTables both) {
    long common = both.newDomain().pageSizeBitmap() & both.oldDomain().pageSizeBitmap();
    return LongStream.range(0, Long.SIZE)
        .filter(size -> (common >>> size & 1) != 0)
        .mapToObj(size -> (int) size)
        .toList();
  }

  private static int[] protections() {
    return IntStream.range(0, PROTECTIONS)
        .filter(protection -> (protection & Protection.READ_WRITE) != 0)
        .toArray();
  }

  @ParameterizedTest
  @EnumSource
  void test_cmp_init(OldAndNew engines) {
    try (BothTables both = new BothTables(engines)) {
      assertNotEquals(0, both.newDomain().pageSizeBitmap());
      assertEquals(
          0, both.oldDomain().pageSizeBitmap() & ~both.newDomain().pageSizeBitmap(), "a subset");
      both.assertSame();
    }
  }

  @ParameterizedTest
  @EnumSource
  void test_cmp_one_map(OldAndNew engines) {
    for (int protection : protections()) {
      try (BothTables both = new BothTables(engines)) {
        long iova = 256 * PAGE;
        for (int sizeLg2 : sizes(both)) {
          long size = Log2.toValue(sizeLg2);
          long pa = Log2.alignDown(Log2.mod(OUTPUT, engines.oaLg2()), sizeLg2);
          iova = Log2.alignUp(iova, sizeLg2);
          if (Long.compareUnsigned(iova + size - 1, engines.lastVa()) > 0) {
            break;
          }
          both.map(iova, pa, size, protection);
          both.assertSame(engines.excepted(protection));
          assertEquals(size, both.unmap(iova, size));
          both.assertSame();
          iova += size;
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void test_cmp_high_va(OldAndNew engines) {
    try (BothTables both = new BothTables(engines)) {
      both.map(engines.lastVa() - PAGE + 1, 0, PAGE, Protection.READ_WRITE);
      both.assertSame();
    }
  }

  @ParameterizedTest
  @EnumSource
  void test_cmp_unmap_split(OldAndNew engines) {
    try (BothTables both = new BothTables(engines)) {
      List<Integer> sizes = sizes(both);
      for (int base : sizes) {
        for (int next : sizes) {
          long size = Log2.toValue(next);
          if (base < next && Long.compareUnsigned(size - 1, engines.lastVa()) <= 0) {
            both.map(0, 0, size, Protection.READ_WRITE);
            assertEquals(size, both.unmap(0, Log2.toValue(base)));
            both.assertSame();
          }
        }
      }
    }
  }

  /** Whole ranges come and go beside each other, in sizes and places of all kinds. */
  @ParameterizedTest
  @EnumSource
  void randomRanges(OldAndNew engines) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (BothTables both = new BothTables(engines)) {
      List<long[]> ranges = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        if (random.nextInt(3) == 0 && !ranges.isEmpty()) {
          long[] range = ranges.remove(random.nextInt(ranges.size()));
          assertEquals(range[1], both.unmap(range[0], range[1]), "seed " + seed);
        } else {
          long length = (1L + random.nextInt(1 << random.nextInt(1, 12))) * PAGE;
          long iova = random.nextLong(1L << 36) & -(PAGE << random.nextInt(14));
          long pa = random.nextBoolean() ? iova : random.nextLong(1L << 40) & -PAGE;
          if (ranges.stream().noneMatch(range -> overlap(range, iova, length))) {
            both.map(iova, pa, length, Protection.READ_WRITE);
            ranges.add(new long[] {iova, length});
          }
        }
        if (step % 20 == 0) {
          both.assertSame();
        }
      }
      both.assertSame();
      for (long[] range : ranges) {
        both.unmap(range[0], range[1]);
      }
      both.assertSame();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static boolean overlap(long[] range, long iova, long length) {
    return iova < range[0] + range[1] && range[0] < iova + length;
  }
}
