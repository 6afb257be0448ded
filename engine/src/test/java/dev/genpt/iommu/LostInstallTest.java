package dev.genpt.iommu;

import static dev.genpt.fixture.Machine.tablesOf;
import static dev.genpt.table.Protection.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.fixture.Machine;
import dev.genpt.fixture.ReachableTables;
import dev.genpt.fixture.Threads;
import dev.genpt.table.Feature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two mappers want the same table: one installs it, the other frees his and goes on in the
 * winner's.
 */
final class LostInstallTest {
  private static final long PAGE = 0x1000;
  private static final int THREADS = 4;

  private final Machine machine = new Machine();

  /** What another mapper does after the next table was made and before it is installed. */
  private Runnable meanwhile = () -> {};

  /** A new table is written back before it is installed: there the other mapper comes in. */
  private final IommuDomain incoherent =
      machine.x86(c -> c.features(Feature.DMA_INCOHERENT).flusher(this::flush));

  private void flush(long pa, int bytes) {
    if (bytes == PAGE) {
      Runnable once = meanwhile;
      meanwhile = () -> {};
      once.run();
    }
  }

  @AfterEach
  void nothingLeaks() {
    ReachableTables.assertAllHeld(incoherent);
    machine.closeAndCheck(incoherent);
  }

  @Test
  void theLoserOfALevel0TableUsesTheWinners() {
    incoherent.map(0x20_0000, 0, PAGE, READ);
    meanwhile = () -> incoherent.map(PAGE, 0x1000, PAGE, READ);
    incoherent.map(0, 0x2000, PAGE, READ);
    assertEquals(0x2000, incoherent.iovaToPhys(0));
    assertEquals(0x1000, incoherent.iovaToPhys(PAGE));
    assertEquals(5, tablesOf(incoherent));
  }

  @Test
  void theLoserOfAnUpperTableUsesTheWinnersPath() {
    meanwhile = () -> incoherent.map(PAGE, 0x1000, PAGE, READ);
    incoherent.map(0, 0x2000, PAGE, READ);
    assertEquals(0x2000, incoherent.iovaToPhys(0));
    assertEquals(0x1000, incoherent.iovaToPhys(PAGE));
    assertEquals(4, tablesOf(incoherent));
  }

  @Test
  void theWinnersTableMayHoldLeavesOfItsOwnSize() {
    incoherent.map(0x4000_0000L, 0, PAGE, READ);
    meanwhile = () -> incoherent.map(0x20_0000, 0x4000_0000L, 0x20_0000, READ);
    incoherent.map(0, 0x1000, PAGE, READ);
    assertEquals(0x4000_0000L, incoherent.iovaToPhys(0x20_0000));
    assertEquals(0x1000, incoherent.iovaToPhys(0));
  }

  @Test
  void manyThreadsMapUnderTheSameTables() {
    for (int round = 0; round < 500; round++) {
      IommuDomain domain = machine.amdv1(c -> c.driver(IommuDriver.NONE));
      Threads.runTogether(
          THREADS,
          thread -> {
            for (int i = 0; i < 16; i++) {
              long iova = (long) i * 0x4000_0000L + thread * PAGE;
              domain.map(iova, pa(thread, i), PAGE, READ);
            }
          });
      for (int thread = 0; thread < THREADS; thread++) {
        for (int i = 0; i < 16; i++) {
          assertEquals(pa(thread, i), domain.iovaToPhys((long) i * 0x4000_0000L + thread * PAGE));
        }
      }
      assertEquals(1 + 2 * 16, tablesOf(domain));
      ReachableTables.assertAllHeld(domain);
      domain.close();
    }
  }

  private static long pa(int thread, int i) {
    return (1L + thread * 100L + i) << 12;
  }
}
