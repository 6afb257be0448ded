package dev.genpt.iommu;

import static dev.genpt.fixture.Machine.tablesOf;
import static dev.genpt.table.Protection.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.fixture.Machine;
import dev.genpt.fixture.RecordingDriver.Event;
import dev.genpt.table.IotlbGather;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an unmap takes away: whole leaves up to the first hole, and tables that it covered. */
final class UnmapTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;
  private static final long G1 = 0x40000000;

  private final Machine machine = new Machine();
  private final IommuDomain domain = machine.amdv1();

  @AfterEach
  void nothingLeaks() {
    machine.closeAndCheck(domain);
  }

  private void mapSmall(long iova, long length) {
    for (long at = iova; at < iova + length; at += PAGE) {
      domain.map(at, (at & ~0xfff) ^ 0x1000, PAGE, READ);
    }
    machine.driver().takeAll();
  }

  private void assertUnmapped(long expected, long iova, long length) {
    assertEquals(expected, domain.unmap(iova, length));
  }

  private List<Event> invalidations() {
    return machine.driver().takeInvalidations();
  }

  @Test
  void aLargeLeafGoesAsAWholeFromItsStartAndNotFromItsMiddle() {
    domain.map(0, G1, G1, READ);
    assertUnmapped(0, PAGE, PAGE);
    assertUnmapped(0, G1 - PAGE, 2 * PAGE);
    assertEquals(List.of(), invalidations());
    assertUnmapped(G1, 0, PAGE);
    assertEquals(List.of(new Event.Sync(0, G1 - 1, 0, 1)), invalidations());
  }

  @Test
  void aContiguousLeafIsTheSame() {
    domain.map(0x10000, 0x50000, 0x10000, READ);
    assertUnmapped(0, 0x11000, PAGE);
    assertUnmapped(0, 0x11000, 0x100000);
    assertUnmapped(0x10000, 0x10000, PAGE);
    assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(0x1f000));
  }

  @Test
  void theLastLeafGoesBeyondTheEndOfTheRequest() {
    domain.map(0, 0, M2, READ);
    domain.map(M2, 0x10000, PAGE, READ);
    domain.map(0x10000000, 2 * M2, 2 * M2, READ);
    assertUnmapped(M2 + PAGE, 0, M2 + PAGE);
    domain.map(0x10000000 - PAGE, 0, PAGE, READ);
    assertUnmapped(PAGE + 2 * M2, 0x10000000 - PAGE, 2 * PAGE);
  }

  @Test
  void itStopsAtTheFirstHole() {
    mapSmall(0, PAGE);
    mapSmall(2 * PAGE, PAGE);
    assertUnmapped(PAGE, 0, 3 * PAGE);
    assertEquals(List.of(new Event.Sync(0, PAGE - 1, 0, 3)), invalidations());
    assertUnmapped(0, 0, 3 * PAGE);
    assertUnmapped(PAGE, 2 * PAGE, 3 * PAGE);
  }

  @Test
  void nothingIsInvalidatedWhereNothingWas() {
    IotlbGather gather = new IotlbGather();
    assertEquals(0, domain.unmap(0, PAGE, gather));
    assertTrue(gather.isEmpty());
    assertEquals(-1, gather.start(), "not even touched");
    assertUnmapped(0, 0, G1);
    assertEquals(List.of(), invalidations());
  }

  @Test
  void aRangeThatTheTableCannotHaveUnmapsNothing() {
    mapSmall(0, PAGE);
    assertUnmapped(0, 0, 0);
    assertUnmapped(0, 0, 1L << 40);
    assertUnmapped(0, 1L << 39, PAGE);
    assertUnmapped(0, -PAGE, 2 * PAGE);
    assertUnmapped(0, -1, 1);
    assertEquals(List.of(), invalidations());
    assertEquals(0x1000, domain.iovaToPhys(0));
  }

  @Test
  void tablesThatAreNotCoveredStay() {
    mapSmall(0, 0x3ff000);
    assertEquals(4, tablesOf(domain));
    assertUnmapped(0x3ff000, 0, 0x3ff000);
    assertEquals(3, tablesOf(domain), "the first table was covered, the second lacks a page");
  }

  @Test
  void aRequestJustShortOfOneTableFreesNone() {
    mapSmall(PAGE, 0x3fe000);
    assertUnmapped(0x3fe000, PAGE, 0x3fe000);
    assertEquals(4, tablesOf(domain));
  }

  @Test
  void coveredTablesGoAfterTheInvalidation() {
    mapSmall(0, 2 * M2);
    assertUnmapped(2 * M2, 0, 2 * M2);
    assertEquals(List.of(new Event.Sync(0, 2 * M2 - 1, 2, 4)), invalidations());
    assertEquals(2, tablesOf(domain));
  }

  @Test
  void aGigabyteOfSmallPagesFrees513Tables() {
    domain.narrowPageSizes(PAGE);
    domain.map(0, 0, G1, READ);
    assertEquals(514, tablesOf(domain));
    assertUnmapped(G1, 0, G1);
    assertEquals(List.of(new Event.Sync(0, G1 - 1, 513, 514)), invalidations());
    assertEquals(1, tablesOf(domain));
  }

  @Test
  void aHoleInACoveredTableKeepsIt() {
    mapSmall(0, 2 * M2);
    assertUnmapped(PAGE, M2 + 5 * PAGE, PAGE);
    machine.driver().takeAll();
    assertUnmapped(M2 + 5 * PAGE, 0, 2 * M2);
    assertEquals(3, tablesOf(domain));
    assertEquals(
        List.of(new Event.Sync(0, M2 + 5 * PAGE - 1, 1, 4)),
        invalidations(),
        "what went, not more");
    assertEquals((M2 + 6 * PAGE) ^ 0x1000, domain.iovaToPhys(M2 + 6 * PAGE));
  }

  @Test
  void aTableThatWasEmptiedBeforeIsAHole() {
    mapSmall(0, M2);
    assertUnmapped(M2 - PAGE, 0, M2 - PAGE);
    assertUnmapped(PAGE, M2 - PAGE, PAGE);
    assertEquals(3, tablesOf(domain));
    assertUnmapped(0, 0, M2);
    assertEquals(3, tablesOf(domain), "an empty table has a hole at its start");
  }

  @Test
  void theRootIsNeverFreed() {
    domain.narrowPageSizes(G1);
    domain.map(0, 0, 1L << 39, READ);
    assertUnmapped(1L << 39, 0, 1L << 39);
    assertEquals(1, tablesOf(domain));
    domain.map(0, 0, G1, READ);
    assertEquals(0, domain.iovaToPhys(0));
  }

  @Test
  void leavesOfAllSizesGoInOneCall() {
    long length = 0xc2200000L;
    domain.map(0x3fe400000L, 0x3fe400000L, length, READ);
    assertUnmapped(length, 0x3fe400000L, length);
    assertEquals(1, invalidations().size());
  }

  @Test
  void mappingBackOverWhatWasUnmapped() {
    for (int round = 0; round < 3; round++) {
      domain.map(0x1ff000, 0x7000, 0x3000, READ);
      assertUnmapped(0x3000, 0x1ff000, 0x3000);
    }
    assertEquals(4, tablesOf(domain));
  }
}
