package dev.genpt.kunit;

import static dev.genpt.kunit.KunitFixture.assertHex;
import static dev.genpt.kunit.KunitFixture.skipUnless;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.table.Cursor;
import dev.genpt.table.EntryType;
import dev.genpt.table.Protection;
import java.util.OptionalLong;

/**
 * The cases of the format suite that write one entry and read it back.
 *
 * <p>Source: upstream {@code kunit_generic_pt.h}.
 */
final class EntryCases {
  private static final int PROTECTIONS = 32;

  private EntryCases() {}

  /** Empties the items of a leaf of 2^{@code sizeLg2}, which must then read empty. */
  static void clear(Cursor at, int sizeLg2) {
    at.clear(sizeLg2 - at.itemSizeLg2());
    assertEquals(EntryType.EMPTY, at.load());
  }

  static void tablePointer(KunitFixture fixture) {
    long pa = fixture.testOa(fixture.smallestLg2());
    fixture.words().attributesFor(Protection.READ);
    AllLevels.check(
        fixture,
        at -> {
          if (at.level() == 0) {
            return;
          }
          assertEquals(EntryType.EMPTY, at.load());
          assertTrue(at.installTable(pa), "first install");
          assertTrue(at.installTable(pa), "install over itself");
          assertEquals(EntryType.TABLE, at.load());
          assertHex(pa, at.childTable(), "address of the table");
          clear(at, at.itemSizeLg2());
        });
  }

  static void entryOa(KunitFixture fixture) {
    long attributes = fixture.words().attributesFor(Protection.READ);
    long[] addresses = {fixture.testOa(0), 0, Log2.toMax(fixture.table().maxOaLg2())};
    AllLevels.checkLeaves(
        fixture,
        at -> {
          if (at.index() != 0) {
            return;
          }
          for (long address : addresses) {
            for (int size : KunitFixture.sizes(at.possibleSizes())) {
              checkOa(at, Log2.alignDown(address, size), size, attributes);
            }
          }
        });
  }

  private static void checkOa(Cursor at, long oa, int sizeLg2, long attributes) {
    at.installLeaf(oa, sizeLg2, attributes);
    int contig = sizeLg2 - at.itemSizeLg2();
    String leaf = " of a leaf of 2^%d bytes at level %d".formatted(sizeLg2, at.level());
    for (int i = 0; i < 1 << contig; i++) {
      at.setIndex(i);
      assertEquals(EntryType.LEAF, at.load());
      assertHex(oa + ((long) i << at.itemSizeLg2()), at.itemOa(), "address of item " + i + leaf);
      assertHex(oa, at.entryOa(), "address of the entry by item " + i + leaf);
      assertEquals(contig, at.contigLg2(), "items of the entry, lg2, by item " + i + leaf);
    }
    at.setIndex(0);
    clear(at, sizeLg2);
  }

  static void attributesFromEntry(KunitFixture fixture) {
    AllLevels.checkLeaves(
        fixture,
        at -> {
          for (int size : KunitFixture.sizes(at.possibleSizes())) {
            for (int protection = 0; protection < PROTECTIONS; protection++) {
              attributesFor(fixture, protection)
                  .ifPresent(
                      attributes -> checkAttributes(at, fixture.testOa(size), size, attributes));
            }
          }
        });
  }

  /** The attributes, or empty for a protection that the format is known to refuse. */
  private static OptionalLong attributesFor(KunitFixture fixture, int protection) {
    KunitFormat.Refusal refusal = fixture.format().refusal();
    boolean refused = refusal.protections().contains(protection);
    try {
      long attributes = fixture.words().attributesFor(protection);
      assertFalse(refused, () -> "protection " + protection + " must be refused");
      return OptionalLong.of(attributes);
    } catch (IommuException e) {
      assertTrue(refused, () -> "protection " + protection + " must be accepted");
      assertEquals(refusal.errno(), e.errno());
      return OptionalLong.empty();
    }
  }

  private static void checkAttributes(Cursor at, long oa, int sizeLg2, long attributes) {
    at.installLeaf(oa, sizeLg2, attributes);
    long word = at.word();
    long read = at.attributes();
    clear(at, sizeLg2);
    at.installLeaf(oa, sizeLg2, read);
    assertHex(word, at.word(), "word with the attributes %#x".formatted(attributes));
    clear(at, sizeLg2);
  }

  /** One dirty item makes a whole entry dirty; cleaning cleans them all. */
  static void dirty(KunitFixture fixture) {
    skipUnless(
        fixture.words().supportsDirty(), "Page table features do not support dirty tracking");
    long attributes = fixture.words().attributesFor(Protection.READ_WRITE);
    AllLevels.checkLeaves(
        fixture,
        at -> {
          for (int size : KunitFixture.sizes(at.possibleSizes())) {
            checkDirty(fixture, at, size, attributes);
          }
        });
  }

  private static void checkDirty(KunitFixture fixture, Cursor at, int sizeLg2, long attributes) {
    int first = at.index();
    at.installLeaf(fixture.testOa(sizeLg2), sizeLg2, attributes);
    at.makeClean();
    assertFalse(isDirty(at, first));
    for (int i = 0; i < 1 << (sizeLg2 - at.itemSizeLg2()); i++) {
      at.setIndex(first + i);
      assertEquals(EntryType.LEAF, at.load());
      assertTrue(at.makeDirty());
      assertTrue(isDirty(at, first));
      at.makeClean();
      assertFalse(isDirty(at, first));
    }
    clear(at, sizeLg2);
  }

  private static boolean isDirty(Cursor at, int index) {
    at.setIndex(index);
    assertEquals(EntryType.LEAF, at.load());
    return at.isDirty();
  }
}
