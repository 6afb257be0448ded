package dev.genpt.iommu;

import static dev.genpt.fixture.Refusal.assertRefused;
import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.RecordingDriver.Event;
import dev.genpt.table.IotlbGather;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a device wrote: reported to the byte that was asked for, cleaned and invalidated by the
 * leaf.
 */
final class DirtyTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;

  private final Machine machine = new Machine();
  private final IommuDomain domain = machine.amdv1();
  private final IotlbGather gather = new IotlbGather();

  private record Extent(long iova, long length) {}

  @AfterEach
  void nothingLeaks() {
    machine.closeAndCheck(domain);
  }

  private List<Extent> read(long iova, long length, boolean clear) {
    List<Extent> extents = new ArrayList<>();
    domain.readAndClearDirty(
        iova, length, clear, (start, bytes) -> extents.add(new Extent(start, bytes)), gather);
    return extents;
  }

  @Test
  void aCleanTableReportsNothing() {
    domain.map(0, 0, M2, READ_WRITE);
    assertEquals(List.of(), read(0, 1L << 39, true));
    assertTrue(gather.isEmpty());
  }

  @Test
  void aDirtyPageIsReportedOnceAndThenClean() {
    domain.map(0, 0x1000, 0x3000, READ_WRITE);
    domain.setDirty(0x1abc);
    assertEquals(List.of(new Extent(0x1000, PAGE)), read(0, 0x10000, true));
    assertEquals(0x1000, gather.start());
    assertEquals(0x1fff, gather.end());
    assertEquals(List.of(), read(0, 0x10000, true));
  }

  @Test
  void lookingOnlyCleansAndInvalidatesNothing() {
    domain.map(0, 0, M2, READ_WRITE);
    domain.setDirty(0);
    assertEquals(List.of(new Extent(0, M2)), read(0, M2, false));
    assertEquals(List.of(new Extent(0, M2)), read(0, M2, false));
    assertTrue(gather.isEmpty());
  }

  @Test
  void aContiguousLeafIsReportedWhole() {
    domain.map(0x10000, 0x50000, 0x10000, READ_WRITE);
    for (long item = 0x10000; item < 0x20000; item += PAGE) {
      domain.setDirty(item);
      assertEquals(List.of(new Extent(0x10000, 0x10000)), read(0, M2, true));
      assertEquals(List.of(), read(0, M2, true), "every item is clean");
    }
  }

  @Test
  void theExtentIsCutToTheRequest() {
    domain.map(0x10000, 0x50000, 0x10000, READ_WRITE);
    domain.setDirty(0x10000);
    assertEquals(List.of(new Extent(0x1f000, PAGE)), read(0x1f000, PAGE, false));
    assertEquals(List.of(new Extent(0x14000, 0x2000)), read(0x14000, 0x2000, false));
    assertEquals(List.of(new Extent(0x14567, 1)), read(0x14567, 1, false));
    domain.map(M2, M2, M2, READ_WRITE);
    domain.setDirty(M2);
    assertEquals(List.of(new Extent(M2 + 0x5000, PAGE)), read(M2 + 0x5000, PAGE, false));
    assertEquals(List.of(new Extent(M2, 0x5000)), read(M2, 0x5000, false));
  }

  @Test
  void cleaningThroughOnePageInvalidatesTheWholeLeaf() {
    domain.map(M2, M2, M2, READ_WRITE);
    domain.setDirty(M2);
    assertEquals(List.of(new Extent(M2 + 0x5000, PAGE)), read(M2 + 0x5000, PAGE, true));
    assertEquals(M2, gather.start());
    assertEquals(2 * M2 - 1, gather.end());
    domain.sync(gather);
    assertEquals(
        List.of(new Event.Sync(M2, 2 * M2 - 1, 0, 2)), machine.driver().takeInvalidations());
    assertEquals(List.of(), read(0, 4 * M2, true));
  }

  @Test
  void holesArePassedOver() {
    domain.map(0, 0, PAGE, READ_WRITE);
    domain.map(0x3000, 0, PAGE, READ_WRITE);
    domain.map(5 * M2, M2, M2, READ_WRITE);
    domain.setDirty(0);
    domain.setDirty(0x3000);
    domain.setDirty(5 * M2 + 7);
    assertEquals(
        List.of(new Extent(0, PAGE), new Extent(0x3000, PAGE), new Extent(5 * M2, M2)),
        read(0, 1L << 39, true));
  }

  @Test
  void leavesOfAllSizesAndTheTopOfTheSpace() {
    domain.map(0x3fe400000L, 0x3fe400000L, 0xc2200000L, READ_WRITE);
    domain.map(-PAGE, 0, PAGE, READ_WRITE);
    domain.setDirty(0x3fe400000L);
    domain.setDirty(0x480000000L);
    domain.setDirty(-1);
    assertEquals(
        List.of(
            new Extent(0x3fe400000L, 2 * M2),
            new Extent(0x480000000L, 0x40000000L),
            new Extent(-PAGE, PAGE)),
        read(PAGE, -PAGE, true));
  }

  @Test
  void aMappingStartsClean() {
    domain.map(0, 0, PAGE, READ_WRITE);
    domain.setDirty(0);
    domain.unmap(0, PAGE);
    domain.map(0, 0, PAGE, READ_WRITE);
    assertEquals(List.of(), read(0, PAGE, true));
  }

  @Test
  void badRangesAreRefused() {
    assertRefused(Errno.EINVAL, () -> read(0, 0, true));
    assertRefused(Errno.EOVERFLOW, () -> read(-PAGE, 2 * PAGE, true));
    assertRefused(Errno.ERANGE, () -> read(1L << 39, PAGE, true));
    assertRefused(Errno.ERANGE, () -> read(0, 1L << 40, true));
  }

  @Test
  void writingNeedsAMapping() {
    assertRefused(Errno.ENOENT, () -> domain.setDirty(0));
    assertRefused(Errno.ERANGE, () -> domain.setDirty(1L << 39));
    domain.map(0, 0, PAGE, READ_WRITE);
    domain.setDirty(0xfff);
    assertRefused(Errno.ENOENT, () -> domain.setDirty(PAGE));
  }

  @Test
  void aFormatWithoutDirtyBitsSaysSoFirst() {
    IommuDomain x86 = machine.x86(config -> config);
    assertRefused(
        Errno.EOPNOTSUPP, () -> x86.readAndClearDirty(0, 0, true, DirtyRecorder.NONE, gather));
    assertRefused(Errno.EOPNOTSUPP, () -> x86.setDirty(-1));
    x86.close();
  }
}
