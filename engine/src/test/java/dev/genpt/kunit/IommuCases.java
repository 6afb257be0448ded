package dev.genpt.kunit;

import static dev.genpt.kunit.KunitFixture.assertHex;
import static dev.genpt.kunit.KunitFixture.skipUnless;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.Range;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The suite of the operations: its list of cases, and all of them but the random one.
 *
 * <p>Source: upstream {@code kunit_iommu_pt.h}.
 */
final class IommuCases {
  /** The cases that take nearly all of the suites' time. */
  static final Set<String> LONG = Set.of("test_map_table_to_oa", "test_random_map");

  /** Those two with less to do, for who runs the suites a thousand times: mutation testing. */
  static final boolean LIGHT = Boolean.getBoolean("genpt.kunit.light");

  private static final int LG2_2M = 21;
  private static final int LG2_1G = 30;
  private static final int LG2_2G = 31;
  private static final int LG2_16M = 24;
  private static final int LG2_16G = 34;

  private IommuCases() {}

  /** The cases, which every format can be given. */
  static List<KunitCase> all() {
    return List.of(
        new KunitCase("test_increase_level", IommuCases::increaseLevel),
        new KunitCase("test_map_simple", IommuCases::mapSimple),
        new KunitCase("test_map_table_to_oa", IommuCases::mapTableToOa),
        new KunitCase("test_unmap_split", IommuCases::unmapSplit),
        new KunitCase("test_random_map", RandomMapCase::run),
        new KunitCase("test_pgsize_boundary", IommuCases::pageSizeBoundary),
        new KunitCase("test_mixed", IommuCases::mixed));
  }

  /** The root grows by one level each time that a page is mapped right behind what it decodes. */
  private static void increaseLevel(KunitFixture fixture) {
    skipUnless(fixture.has(Feature.DYNAMIC_TOP), "PT_FEAT_DYNAMIC_TOP not set for this format");
    PageTable table = fixture.table();
    Mapper mapper = new Mapper(fixture);
    Range top = Range.top(table);
    assertTrue(table.maxVaLg2() > top.widthLg2(), "the first root has room to grow");
    while (table.maxVaLg2() != top.widthLg2()) {
      long va = top.va() == 0 ? top.lastVa() + 1 : top.va() - fixture.smallest();
      mapper.map(va, 0, fixture.smallest());
      Range grown = Range.top(table);
      assertEquals(top.topLevel() + 1, grown.topLevel(), "level of the root after one growth");
      assertTrue(grown.widthLg2() <= table.maxVaLg2(), "the root decodes no more than it may");
      top = grown;
    }
    assertEquals(table.format().geometry().maxTopLevel(), top.topLevel(), "level of the last root");
  }

  /** A leaf of each size, at the next address that is aligned for it. */
  private static void mapSimple(KunitFixture fixture) {
    Mapper mapper = new Mapper(fixture);
    long sizes = fixture.pageSizes();
    long base = mapper.base();
    long va = base;
    for (int size : KunitFixture.sizes(sizes)) {
      va = Log2.alignUp(va, size);
      assertHex(
          Range.top(fixture.table()).va() + simpleOffset(sizes, size),
          va,
          "input address of the leaf of 2^%d bytes".formatted(size));
      mapper.map(va, fixture.testOa(size), Log2.toValue(size));
      if (size <= LG2_2G) {
        mapper.checkTranslations(va, fixture.testOa(size), Log2.toValue(size));
      }
      va += Log2.toValue(size);
    }
    assertEquals(
        levelWithRoomFor(fixture), fixture.domain().topLevel(), "level of the root at the end");
    mapper.assertLeaves(Mapper.oneOfEach(sizes));

    va = base;
    for (int size : KunitFixture.sizes(sizes)) {
      va = Log2.alignUp(va, size);
      mapper.unmap(va, Log2.toValue(size));
      va += Log2.toValue(size);
    }
    mapper.assertLeaves(Map.of());
  }

  /**
   * Where the leaf of 2^{@code size} bytes comes to lie when one of each size is placed in turn,
   * from 256 of the smallest on: worked out once by hand, so that the addresses are known and not
   * only reached.
   */
  private static long simpleOffset(long sizes, int size) {
    int smallest = Log2.ffs(sizes);
    int baseLg2 = smallest + Mapper.BASE_PAGES_LG2;
    if (size < baseLg2) {
      return Log2.toValue(baseLg2) + (size == smallest ? 0 : Log2.toValue(size));
    }
    long unbroken = Log2.toMax(size + 1) & ~Log2.toMax(smallest);
    // Just above 2^size lies the end of the leaf before, if there is one of every size until here.
    return (sizes & unbroken) == unbroken ? Log2.toValue(size + 1) : Log2.toValue(size);
  }

  /** The lowest level, from the first root's on, that decodes the end of the largest leaf. */
  private static int levelWithRoomFor(KunitFixture fixture) {
    int level = fixture.config().topLevel();
    while (fixture.table().widthLg2(level) <= fixture.largestLg2()) {
      level++;
    }
    return level;
  }

  /** A leaf replaces the table that smaller leaves have left empty. */
  private static void mapTableToOa(KunitFixture fixture) {
    fixture.domain().narrowPageSizes(Log2.toMax(LIGHT ? LG2_16M : LG2_16G));
    Mapper mapper = new Mapper(fixture);
    int most = fixture.largestLg2();
    assertNotEquals(0, fixture.pageSizes() & Log2.toValue(most));
    long max = Log2.toValue(most);
    long va = Log2.alignUp(mapper.base(), most);
    for (int sizeLg2 : KunitFixture.sizes(fixture.pageSizes())) {
      long size = Log2.toValue(sizeLg2);
      long oa = fixture.testOa(sizeLg2);
      for (long done = 0; done < max; done += size) {
        mapper.map(va + done, oa + done, size);
      }
      mapper.checkTranslations(va, oa, max);
      mapper.assertLeaves(Map.of(sizeLg2, max / size));

      long half = size == max ? max : max / 2;
      mapper.unmap(va, half);
      for (long done = half; done < max; done += size) {
        mapper.unmap(va + done, size);
      }
      mapper.assertLeaves(Map.of());
    }
  }

  /**
   * A leaf that is larger than what is unmapped at its start goes as a whole, and no more than it.
   */
  private static void unmapSplit(KunitFixture fixture) {
    Mapper mapper = new Mapper(fixture);
    long va = Range.top(fixture.table()).va();
    long safe = Log2.mod(fixture.pageSizes(), fixture.table().maxVaLg2() - 1);
    skipUnless(Long.bitCount(safe) > 1, "Test needs two page sizes");
    for (int base : KunitFixture.sizes(safe)) {
      for (int next : KunitFixture.sizes(safe & ~Log2.toMax(base + 1))) {
        long size = Log2.toValue(next);
        mapper.map(va, 0, size);
        mapper.unmapFrom(va, Log2.toValue(base), size);

        mapper.map(va, 0, size);
        mapper.map(va + size, 0, size);
        mapper.unmapFrom(va, Log2.toValue(base), size);
        mapper.unmap(va + size, size);
      }
    }
  }

  /** Addresses that only agree below 8 KiB: nothing but pages of 4 KiB fits (a regression). */
  private static void pageSizeBoundary(KunitFixture fixture) {
    Range top = Range.top(fixture.table());
    skipUnless(
        top.va() == 0
            && Long.compareUnsigned(top.lastVa(), 0xfef9_ffffL) >= 0
            && fixture.smallestLg2() == 12,
        "Format does not have the required range");
    Mapper mapper = new Mapper(fixture);
    mapper.map(0xfef8_0000L, 0x20_8b95_d000L, 0x2_0000);
    mapper.assertLeaves(Map.of(12, 32L));
    mapper.checkTranslations(0xfef8_0000L, 0x20_8b95_d000L, 0x2_0000);
  }

  /** A range that begins and ends between the boundaries of its largest pages (a regression). */
  private static void mixed(KunitFixture fixture) {
    long start = 0x3_fe40_0000L;
    long length = 0xc220_0000L;
    skipUnless(
        Long.compareUnsigned(Range.top(fixture.table()).lastVa(), start) > 0, "range is too small");
    long sizes = fixture.pageSizes() & (Log2.toMax(LG2_1G + 1) & ~Log2.toMax(LG2_2M));
    skipUnless(sizes == (Log2.toValue(LG2_2M) | Log2.toValue(LG2_1G)), "incompatible psize");
    Mapper mapper = new Mapper(fixture);
    mapper.map(start, start, length);
    mapper.assertLeaves(Map.of(LG2_2M, 17L, LG2_1G, 3L));
    mapper.checkTranslations(start, start, length);
  }
}
