package dev.genpt.kunit;

import static dev.genpt.kunit.KunitFixture.assertHex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.table.Cursor;
import dev.genpt.table.EntryType;
import dev.genpt.table.Protection;

/**
 * The cases of the format suite about the bits that hardware leaves to software.
 *
 * <p>Source: upstream {@code kunit_generic_pt.h}. There tables are tried on levels that can have
 * leaves alone; here on all.
 */
final class SoftwareBitCases {
  private SoftwareBitCases() {}

  static void leaf(KunitFixture fixture) {
    long attributes = fixture.words().attributesFor(Protection.READ);
    AllLevels.checkLeaves(
        fixture,
        at -> {
          if (at.index() == 0) {
            for (int size : KunitFixture.sizes(at.possibleSizes())) {
              checkLeaf(fixture, at, size, attributes);
            }
          }
        });
  }

  private static void checkLeaf(KunitFixture fixture, Cursor at, int sizeLg2, long attributes) {
    long oa = fixture.testOa(sizeLg2);
    at.installLeaf(oa, sizeLg2, attributes);
    setAll(at, fixture.words().maxSoftwareBit());
    assertEquals(EntryType.LEAF, at.load());
    assertHex(oa, at.itemOa(), "address beside all software bits");
    assertHex(attributes, at.attributes(), "attributes beside all software bits");
    EntryCases.clear(at, sizeLg2);
  }

  static void table(KunitFixture fixture) {
    long pa = fixture.testOa(fixture.smallestLg2());
    AllLevels.check(
        fixture,
        at -> {
          if (at.index() == 0) {
            assertTrue(at.installTable(pa));
            setAll(at, fixture.words().maxSoftwareBit());
            assertHex(pa, at.childTable(), "address beside all software bits");
            EntryCases.clear(at, at.itemSizeLg2());
          }
        });
  }

  /** Sets the bits one by one; each must be clear before and set from then on. */
  private static void setAll(Cursor at, int max) {
    for (int bit = 0; bit <= max; bit++) {
      assertFalse(at.testSoftwareBit(bit));
    }
    for (int bit = 0; bit <= max; bit++) {
      assertFalse(at.testSoftwareBit(bit));
      at.setSoftwareBit(bit);
      assertTrue(at.testSoftwareBit(bit));
    }
    for (int bit = 0; bit <= max; bit++) {
      assertTrue(at.testSoftwareBit(bit));
    }
  }
}
