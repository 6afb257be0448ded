package dev.genpt.iommu;

import static dev.genpt.fixture.Machine.tablesOf;
import static dev.genpt.fixture.Refusal.assertRefused;
import static dev.genpt.table.Protection.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.RecordingDriver.Event;
import dev.genpt.table.Feature;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A larger leaf takes the place of empty tables: they are invalidated first and freed then. */
final class EmptyTableReplacementTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;
  private static final long G1 = 0x40000000;

  private final Machine machine = new Machine();
  private IommuDomain domain = machine.amdv1();

  /** A root, a table of level 1, and two empty tables of level 0 for the first 4 MiB. */
  @BeforeEach
  void leaveEmptyTables() {
    leaveEmptyTables(domain, 0, M2);
  }

  private void leaveEmptyTables(IommuDomain owner, long... iovas) {
    for (long iova : iovas) {
      owner.map(iova, 0, PAGE, READ);
      assertEquals(PAGE, owner.unmap(iova, PAGE));
    }
    machine.driver().takeAll();
  }

  @AfterEach
  void nothingLeaks() {
    machine.closeAndCheck(domain);
  }

  @Test
  void oneLeafForASubtree() {
    assertEquals(4, tablesOf(domain));
    domain.mapRange(0, G1, G1, READ);
    assertEquals(
        List.of(new Event.Sync(0, G1 - 1, 3, 4)), machine.driver().takeAll(), "still held then");
    assertEquals(1, tablesOf(domain));
    assertEquals(G1 + 0x12345, domain.iovaToPhys(0x12345));
  }

  @Test
  void aContiguousLeafLooksAtEveryItem() {
    domain.mapRange(0, 0, 4 * M2, READ);
    assertEquals(
        List.of(new Event.Sync(0, 2 * M2 - 1, 2, 4)), machine.driver().takeAll(), "items 0 and 1");
    assertEquals(2, tablesOf(domain));
    assertEquals(23, ((Translation.Mapped) domain.translate(3 * M2)).pageSizeLg2());
  }

  @Test
  void aLeafInOneOfTheTablesIsInTheWay() {
    domain.map(M2 + PAGE, 0x5000, PAGE, READ);
    machine.driver().takeAll();
    assertRefused(Errno.EADDRINUSE, () -> domain.mapRange(0, 0, G1, READ));
    assertEquals(List.of(), machine.driver().takeAll());
    assertEquals(4, tablesOf(domain), "a subtree goes as a whole or not at all");
    assertEquals(0x5000, domain.iovaToPhys(M2 + PAGE));
  }

  @Test
  void itemsClearedBeforeTheObstacleStayCleared() {
    domain.map(M2, 0x5000, PAGE, READ);
    machine.driver().takeAll();
    assertRefused(Errno.EADDRINUSE, () -> domain.mapRange(0, 0, 2 * M2, READ));
    assertEquals(List.of(new Event.Sync(0, M2 - 1, 1, 4)), machine.driver().takeAll());
    assertEquals(3, tablesOf(domain));
    assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(0));
    assertEquals(0x5000, domain.iovaToPhys(M2));
  }

  @Test
  void tablesReplacedBeforeAFailureAreFreedToo() {
    domain.map(G1, 0x5000, PAGE, READ);
    machine.driver().takeAll();
    assertRefused(Errno.EADDRINUSE, () -> domain.mapRange(0, G1, G1 + M2, READ));
    assertEquals(List.of(new Event.Sync(0, G1 - 1, 3, 6)), machine.driver().takeAll());
    assertEquals(G1, domain.iovaToPhys(0), "the first leaf stays");
    assertEquals(3, tablesOf(domain));
  }

  @Test
  void aMapOfSeveralSpansInvalidatesOnceOverAll() {
    leaveEmptyTables(domain, 3 * M2);
    domain.narrowPageSizes(0x201000);
    domain.mapRange(0, 0, 4 * M2, READ);
    assertEquals(List.of(new Event.Sync(0, 4 * M2 - 1, 3, 5)), machine.driver().takeAll());
    assertEquals(2, tablesOf(domain));
  }

  @Test
  void withoutGapsDisjointSpansAreInvalidatedApart() {
    domain.close();
    domain = machine.amdv1(c -> c.features(Machine.amdv1Features(Feature.FLUSH_RANGE_NO_GAPS)));
    leaveEmptyTables(domain, 0, M2, 3 * M2);
    domain.narrowPageSizes(0x201000);
    domain.mapRange(0, 0, 4 * M2, READ);
    assertEquals(
        List.of(new Event.Sync(0, 2 * M2 - 1, 2, 5), new Event.Sync(3 * M2, 4 * M2 - 1, 1, 3)),
        machine.driver().takeAll(),
        "the first two tables are free before the third is waited for");
    assertEquals(2, tablesOf(domain));
  }

  @Test
  void smallerLeavesUseTheEmptyTablesAgain() {
    domain.map(0, 0, PAGE, READ);
    domain.map(M2, 0, PAGE, READ);
    assertEquals(4, tablesOf(domain));
    assertEquals(List.of(), machine.driver().takeInvalidations());
  }

  @Test
  void theEmptyRootIsReplacedToo() {
    IommuDomain fresh = machine.amdv1();
    fresh.map(0, 1L << 40, 1L << 40, READ);
    assertEquals(3, fresh.topLevel());
    assertEquals(1, tablesOf(fresh), "the old root was empty and gave way");
    assertEquals((1L << 40) + 5, fresh.iovaToPhys(5));
    fresh.close();
  }
}
