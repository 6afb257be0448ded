package dev.genpt.iommu;

import static dev.genpt.fixture.Machine.tablesOf;
import static dev.genpt.table.Protection.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.fixture.Machine;
import dev.genpt.fixture.RecordingDriver.Event;
import dev.genpt.table.Feature;
import dev.genpt.table.IotlbGather;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invalidations that wait: over several unmaps, for a flush of everything, and without gaps. */
final class GatherTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;

  private final Machine machine = new Machine();
  private IommuDomain domain = machine.amdv1();

  @AfterEach
  void nothingLeaks() {
    machine.closeAndCheck(domain);
  }

  private void mapSmall(long... iovas) {
    for (long iova : iovas) {
      domain.map(iova, 0x1000, PAGE, READ);
    }
    machine.driver().takeAll();
  }

  /** A table full of small pages, so that unmapping it frees the table. */
  private void mapTable(long iova) {
    domain.map(iova, 0x1000, M2, READ);
    machine.driver().takeAll();
  }

  @Test
  void aLongLivedGatherCoversAllUnmapsAndTheirTables() {
    mapTable(0);
    mapTable(4 * M2);
    mapSmall(2 * M2);
    IotlbGather gather = new IotlbGather();
    assertEquals(M2, domain.unmap(4 * M2, M2, gather));
    assertEquals(PAGE, domain.unmap(2 * M2, PAGE, gather));
    assertEquals(M2, domain.unmap(0, M2, gather));
    assertEquals(List.of(), machine.driver().takeAll(), "nothing before the sync");
    assertEquals(5, tablesOf(domain), "freed tables are held until then");
    domain.sync(gather);
    assertEquals(List.of(new Event.Sync(0, 5 * M2 - 1, 2, 5)), machine.driver().takeAll());
    assertEquals(3, tablesOf(domain));
    assertTrue(gather.isEmpty() && gather.freelist().isEmpty());
  }

  @Test
  void tablesThatWaitAreNotUsedAgain() {
    mapTable(0);
    IotlbGather gather = new IotlbGather();
    domain.unmap(0, M2, gather);
    int held = tablesOf(domain);
    mapTable(0);
    assertEquals(held + 1, tablesOf(domain));
    assertEquals(0x1000, domain.iovaToPhys(0));
    domain.sync(gather);
    assertEquals(held, tablesOf(domain));
    assertEquals(0x1000, domain.iovaToPhys(0));
  }

  @Test
  void anEmptyGatherIsNotInvalidated() {
    IotlbGather gather = new IotlbGather();
    domain.sync(gather);
    domain.unmap(0, PAGE, gather);
    domain.sync(gather);
    assertEquals(List.of(), machine.driver().takeAll());
  }

  @Test
  void aSyncedGatherStartsAfresh() {
    mapSmall(0, 0x100000);
    IotlbGather gather = new IotlbGather();
    domain.unmap(0, PAGE, gather);
    domain.sync(gather);
    domain.unmap(0x100000, PAGE, gather);
    domain.sync(gather);
    assertEquals(
        List.of(new Event.Sync(0, PAGE - 1, 0, 3), new Event.Sync(0x100000, 0x100fff, 0, 3)),
        machine.driver().takeAll());
  }

  @Test
  void aQueuedGatherRecordsTablesButNoRange() {
    mapTable(0);
    mapSmall(2 * M2);
    IotlbGather gather = new IotlbGather(true);
    domain.unmap(2 * M2, PAGE, gather);
    domain.unmap(0, M2, gather);
    assertTrue(gather.isEmpty());
    assertEquals(1, gather.freelist().size());
    assertEquals(4, tablesOf(domain));
    domain.sync(gather);
    assertEquals(List.of(new Event.FlushAll(4)), machine.driver().takeAll());
    assertEquals(3, tablesOf(domain));
  }

  @Test
  void aQueuedGatherWithoutTablesNeedsNothing() {
    mapSmall(0);
    IotlbGather gather = new IotlbGather(true);
    domain.unmap(0, PAGE, gather);
    domain.sync(gather);
    assertEquals(List.of(), machine.driver().takeAll());
  }

  private void withoutGaps() {
    domain.close();
    domain = machine.amdv1(c -> c.features(Machine.amdv1Features(Feature.FLUSH_RANGE_NO_GAPS)));
  }

  @Test
  void withoutGapsADisjointUnmapFirstSyncsWhatIsHeld() {
    withoutGaps();
    mapTable(0);
    mapTable(2 * M2);
    mapSmall(M2);
    IotlbGather gather = new IotlbGather();
    domain.unmap(0, M2, gather);
    domain.unmap(M2, PAGE, gather);
    assertEquals(List.of(), machine.driver().takeAll(), "neighbours are held together");
    domain.unmap(2 * M2, M2, gather);
    assertEquals(
        List.of(new Event.Sync(0, M2 + PAGE - 1, 1, 5)),
        machine.driver().takeAll(),
        "frees the tables of before, not those of now");
    assertEquals(1, gather.freelist().size());
    assertEquals(4, tablesOf(domain));
    domain.sync(gather);
    assertEquals(List.of(new Event.Sync(2 * M2, 3 * M2 - 1, 1, 4)), machine.driver().takeAll());
    assertEquals(3, tablesOf(domain));
  }

  @Test
  void withoutGapsTheTwoEndsOfTheSpaceAreApart() {
    withoutGaps();
    mapSmall(-PAGE, 0);
    IotlbGather gather = new IotlbGather();
    domain.unmap(-PAGE, PAGE, gather);
    domain.unmap(0, PAGE, gather);
    domain.sync(gather);
    int held = tablesOf(domain);
    assertEquals(
        List.of(new Event.Sync(-PAGE, -1, 0, held), new Event.Sync(0, PAGE - 1, 0, held)),
        machine.driver().takeAll());
  }

  @Test
  void withGapsOneRangeCoversThemToo() {
    mapSmall(0, 8 * PAGE);
    IotlbGather gather = new IotlbGather();
    domain.unmap(8 * PAGE, PAGE, gather);
    domain.unmap(0, PAGE, gather);
    domain.sync(gather);
    assertEquals(List.of(new Event.Sync(0, 9 * PAGE - 1, 0, 3)), machine.driver().takeAll());
  }

  @Test
  void oneGatherServesSeveralFailedAndSuccessfulUnmaps() {
    mapSmall(0);
    IotlbGather gather = new IotlbGather();
    assertEquals(0, domain.unmap(0x5000, PAGE, gather));
    assertEquals(PAGE, domain.unmap(0, 0x10000, gather));
    assertEquals(0, domain.unmap(1L << 50, PAGE, gather));
    assertEquals(0, gather.start());
    assertEquals(PAGE - 1, gather.end());
    domain.sync(gather);
  }
}
