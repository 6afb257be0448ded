package dev.genpt.table;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Machine;
import dev.genpt.iommu.IommuDomain;
import org.junit.jupiter.api.Test;

/** Slices of the input addresses: which there are, and which the table can have. */
final class RangeTest {
  private static final long PAGE = 0x1000;

  private final Machine machine = new Machine();

  private PageTable amdv1() {
    return machine.amdv1().pageTable();
  }

  private PageTable fullAmdv1() {
    IommuDomain domain = machine.amdv1();
    domain.map(-PAGE, 0, PAGE, Protection.READ_WRITE);
    return domain.pageTable();
  }

  private PageTable signedX86() {
    return machine.x86(config -> config.features(Feature.SIGN_EXTEND)).pageTable();
  }

  private static void assertSlice(long va, long lastVa, int width, Range range) {
    assertEquals(va, range.va());
    assertEquals(lastVa, range.lastVa());
    assertEquals(width, range.widthLg2());
  }

  @Test
  void aGrowingTableStartsAsLargeAsItsRoot() {
    assertSlice(0, 0x7f_ffff_ffffL, 39, Range.top(amdv1()));
  }

  @Test
  void aFullTableSpansAllAddresses() {
    PageTable table = fullAmdv1();
    assertSlice(0, -1, 64, Range.top(table));
    assertSlice(0, -1, 64, Range.all(table));
    assertSlice(0, -1, 64, Range.upper(table));
  }

  @Test
  void aSignedTableHasTwoHalves() {
    PageTable table = signedX86();
    assertSlice(0, 0x7fff_ffff_ffffL, 48, Range.top(table));
    assertSlice(0xffff_8000_0000_0000L, -1, 48, Range.upper(table));
    assertSlice(0, 0xffff_ffff_ffffL, 48, Range.all(table));
  }

  @Test
  void aNarrowTableUsesHalfOfItsRoot() {
    PageTable table = machine.x86(config -> config.widths(47, 52)).pageTable();
    Range range = Range.top(table);
    assertSlice(0, 0x7fff_ffff_ffffL, 47, range);
    assertEquals(0, range.startIndex(3));
    assertEquals(256, range.endIndex(3));
  }

  @Test
  void addressesAboveTheWidthAreRefused() {
    PageTable table = amdv1();
    Range.of(table, 0x7f_ffff_f000L, 0x7f_ffff_ffffL).check();
    assertRefused(Errno.ERANGE, () -> Range.of(table, 0x80_0000_0000L, 0x80_0000_0fffL));
    assertRefused(Errno.ERANGE, () -> Range.of(table, 0x7f_ffff_f000L, 0x80_0000_0fffL));
    assertRefused(Errno.ERANGE, () -> Range.of(table, -PAGE, -1));
    assertRefused(Errno.ERANGE, () -> Range.of(table, 0, -1));
  }

  @Test
  void aSliceThatRunsBackwardsIsRefused() {
    PageTable table = fullAmdv1();
    assertRefused(Errno.ERANGE, () -> Range.of(table, 0x2000, 0x1fff));
    assertRefused(Errno.ERANGE, () -> Range.of(table, -PAGE, 0xfff));
    assertTrue(Range.of(table, -1, -1).isValid());
  }

  @Test
  void bothHalvesOfASignedTableAreValid() {
    PageTable table = signedX86();
    assertTrue(Range.of(table, 0x7fff_ffff_f000L, 0x7fff_ffff_ffffL).isValid());
    assertTrue(Range.of(table, 0xffff_8000_0000_0000L, -1).isValid());
  }

  @Test
  void theHoleOfASignedTableIsRefused() {
    PageTable table = signedX86();
    assertRefused(Errno.ERANGE, () -> Range.of(table, 0x7fff_ffff_f000L, 0x8000_0000_0fffL));
    assertRefused(
        Errno.ERANGE, () -> Range.of(table, 0xffff_7fff_ffff_f000L, 0xffff_7fff_ffff_ffffL));
    assertRefused(Errno.ERANGE, () -> Range.of(table, 0x8000_0000_0000L, 0x8000_0000_0fffL));
    assertRefused(Errno.ERANGE, () -> Range.of(table, 0, -1));
    assertRefused(Errno.ERANGE, () -> Range.of(table, 0, 0xffff_8000_0000_0fffL));
  }

  @Test
  void theUpperHalfUsesTheUpperIndexes() {
    Range upper = Range.upper(signedX86());
    assertEquals(256, upper.startIndex(3));
    assertEquals(512, upper.endIndex(3));
  }

  @Test
  void coversABlockOnlyIfNothingOfItIsOutside() {
    PageTable table = fullAmdv1();
    assertFalse(Range.of(table, 0x5000, 0x4f_ffff).coversBlock(16));
    assertTrue(Range.of(table, 0x10000, 0x4f_ffff).coversBlock(16));
    assertTrue(Range.of(table, 0x10000, 0x1_ffff).coversBlock(16));
    assertFalse(Range.of(table, 0x10000, 0x1_efff).coversBlock(16));
    assertTrue(Range.of(table, 0, -1).coversBlock(64));
    assertFalse(Range.of(table, 0, -2).coversBlock(64));
  }

  @Test
  void aChildKeepsTheRoot() {
    Range range = Range.top(amdv1());
    Range child = range.child(0x1000, 0x1fff);
    assertEquals(range.root(), child.root());
    assertEquals(range.topLevel(), child.topLevel());
    assertSlice(0x1000, 0x1fff, 39, child);
  }
}
