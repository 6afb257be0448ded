package dev.genpt.iommu;

import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.fixture.Machine;
import dev.genpt.table.IotlbGather;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Map, unmap and translate make no Java object once the tables are there. */
final class NoAllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int CALLS = 20_000;
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Machine machine = new Machine();
  private final IommuDomain domain = machine.amdv1(c -> c.driver(IommuDriver.NONE));
  private final IotlbGather gather = new IotlbGather();

  /**
   * Average bytes a call, below one object's: what the measuring itself makes is a few hundred in
   * all.
   */
  private static void assertMakesNothing(Runnable operation) {
    for (int i = 0; i < WARM_UP; i++) {
      operation.run();
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      operation.run();
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < CALLS, bytes + " bytes in " + CALLS + " calls");
  }

  private void assertMapAndUnmapMakeNothing(long iova, long pa, long length) {
    // A page beside the range keeps its tables.
    domain.map(iova + length, 0, PAGE, READ_WRITE);
    assertMakesNothing(() -> {
      domain.map(iova, pa, length, READ_WRITE);
      assertEquals(length, domain.unmap(iova, length));
    });
    assertMakesNothing(() -> {
      domain.map(iova, pa, length, READ_WRITE);
      assertEquals(length, domain.unmap(iova, length, gather));
      domain.sync(gather);
    });
  }

  @Test
  void onePage() {
    assertMapAndUnmapMakeNothing(0x5000, 0x1000, PAGE);
  }

  @Test
  void aRunOf256Pages() {
    assertMapAndUnmapMakeNothing(0x10000, 0x11000, 256 * PAGE);
  }

  @Test
  void aRunOverTwoTables() {
    domain.map(2 * M2, 0, PAGE, READ_WRITE);
    assertMapAndUnmapMakeNothing(M2 - 2 * PAGE, M2 - PAGE, 4 * PAGE);
  }

  @Test
  void oneLargePage() {
    assertMapAndUnmapMakeNothing(4 * M2, 0, M2);
  }

  @Test
  void mixedSizes() {
    long length = 2 * M2 + 0x47000;
    assertMapAndUnmapMakeNothing(0x1f9000, 0x401f9000L, length);
    assertMapAndUnmapMakeNothing(0x8000_0000L - M2, 0x8000_0000L - M2, 3L << 30);
  }

  @Test
  void tallTables() {
    domain.map(-PAGE, 0, PAGE, READ_WRITE);
    assertMapAndUnmapMakeNothing(0x7fff_ffff_f000L, 0x1000, 3 * PAGE);
  }

  @Test
  void aQueuedGather() {
    IotlbGather queued = new IotlbGather(true);
    domain.map(0, 0, PAGE, READ_WRITE);
    assertMakesNothing(() -> {
      domain.map(PAGE, 0, 3 * PAGE, READ_WRITE);
      domain.unmap(PAGE, 3 * PAGE, queued);
    });
  }

  @Test
  void emptyTablesBackAndForth() {
    assertMakesNothing(() -> {
      domain.map(0, 0x1000, M2, READ_WRITE);
      domain.unmap(0, M2); // frees the level-0 table, the next map takes one again
    });
  }

  @Test
  void translations() {
    domain.map(0x5000, 0x1000, PAGE, READ_WRITE);
    domain.map(0x4000_0000L, 0x4000_0000L, 0x4000_0000L, READ_WRITE);
    assertMakesNothing(() -> {
      assertEquals(0x1234, domain.iovaToPhys(0x5234));
      assertEquals(0x5678_9abcL, domain.iovaToPhys(0x5678_9abcL));
      assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(0x8000_0000L));
      assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(-1));
    });
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.fixture.DomainSetup#all")
  void everyFormatInEveryConfiguration(DomainSetup setup) {
    long page = 1L << setup.granuleLg2();
    IommuDomain each =
        machine.domain(setup.format(), config -> setup.request(config.driver(IommuDriver.NONE)));
    each.map(0, 0, page, READ_WRITE);
    long length = 700 * page;
    assertMakesNothing(() -> {
      each.map(page, 0, length, READ_WRITE);
      assertEquals(0, each.iovaToPhys(page));
      assertEquals(length, each.unmap(page, length));
    });
    int tables = Machine.tablesOf(each);
    each.map(page, 0, length, READ_WRITE);
    each.unmap(page, length);
    assertEquals(tables, Machine.tablesOf(each), "tables in use do not grow");
    assertEquals(page, each.unmap(0, page));
    domain.close();
    machine.closeAndCheck(each);
  }
}
