package dev.genpt.kunit;

import static dev.genpt.kunit.KunitFixture.assertHex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.table.Cursor;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * The suite of a format's entries: its list of cases, and those about the shape of the table.
 *
 * <p>Source: upstream {@code kunit_generic_pt.h}.
 */
final class FormatCases {
  /** AMDv1's level that lacks its smallest leaf, of 512 GiB, for a defect of the hardware. */
  private static final long SIZES_WITHOUT_SMALLEST = 0xff00_0000_0000L;

  private FormatCases() {}

  /** The cases that {@code format} can be given. */
  static List<KunitCase> of(PageTableFormat format) {
    List<KunitCase> cases =
        new ArrayList<>(
            List.of(
                new KunitCase("test_init", FormatCases::init),
                new KunitCase("test_bitops", ArithmeticCases::bitops),
                new KunitCase("test_best_pgsize", ArithmeticCases::bestPageSize),
                new KunitCase("test_pgsz_count", ArithmeticCases::pageCount),
                new KunitCase("test_table_ptr", EntryCases::tablePointer),
                new KunitCase("test_max_va", FormatCases::maxVa),
                new KunitCase("test_table_radix", FormatCases::tableRadix),
                new KunitCase("test_entry_possible_sizes", FormatCases::entryPossibleSizes),
                new KunitCase("test_entry_oa", EntryCases::entryOa),
                new KunitCase("test_attr_from_entry", EntryCases::attributesFromEntry)));
    if (format.supportsDirty()) {
      cases.add(new KunitCase("test_dirty", EntryCases::dirty));
    }
    if (format.maxSoftwareBit() >= 0) {
      cases.add(new KunitCase("test_sw_bit_leaf", SoftwareBitCases::leaf));
      cases.add(new KunitCase("test_sw_bit_table", SoftwareBitCases::table));
    }
    return cases;
  }

  /** The fixture did it already; here the sizes of pages are also compared with upstream's. */
  private static void init(KunitFixture fixture) {
    assertNotEquals(0, fixture.pageSizes());
    assertHex(fixture.config().pageSizes(), fixture.pageSizes(), "bitmap of page sizes");
  }

  private static void maxVa(KunitFixture fixture) {
    assertTrue(fixture.table().maxVaLg2() >= Range.top(fixture.table()).widthLg2());
  }

  /** The levels decode bits of the address that follow each other without gap or overlap. */
  private static void tableRadix(KunitFixture fixture) {
    long[] decoded = {fixture.smallest() - 1};
    AllLevels.check(
        fixture,
        at -> {
          assertHex(
              Log2.toMax(at.itemSizeLg2()), decoded[0], "bits decoded below level " + at.level());
          assertEquals(0, Log2.div(decoded[0], at.itemSizeLg2()));
          assertTrue(at.spanLg2() <= fixture.table().maxVaLg2());
          decoded[0] = Log2.toMax(at.spanLg2());
        });
    assertHex(Log2.toMax(Range.top(fixture.table()).widthLg2()), decoded[0], "bits decoded in all");
  }

  private static void entryPossibleSizes(KunitFixture fixture) {
    AllLevels.check(fixture, FormatCases::checkPossibleSizes);
  }

  private static void checkPossibleSizes(Cursor at) {
    long sizes = at.possibleSizes();
    if (!at.canHaveLeaf()) {
      assertHex(0, sizes, "sizes at level " + at.level());
      return;
    }
    int item = at.itemSizeLg2();
    boolean isTop = at.level() == at.range().topLevel();
    int span = item + (isTop ? Log2.fls(at.endIndex() - 1) : at.itemsLg2());
    assertHex(0, Log2.mod(sizes, item), "sizes below an item at level " + at.level());
    assertHex(0, Log2.div(sizes, span), "sizes of the whole table and above, from bit 0 on");
    assertTrue(
        (sizes & Log2.toValue(item)) != 0 || sizes == SIZES_WITHOUT_SMALLEST,
        () -> "the size of an item at level " + at.level());
  }
}
