package dev.genpt.iommu;

import static dev.genpt.fixture.Machine.tablesOf;
import static dev.genpt.fixture.Refusal.assertRefused;
import static dev.genpt.table.Protection.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.RecordingTopDriver;
import dev.genpt.memory.PhysicalMemory;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The root grows upward: hardware first, no invalidation, and not a trace of it when it fails. */
final class GrowthTest {
  private static final long PAGE = 0x1000;
  private static final long BEYOND_LEVEL_2 = 0x80_0000_0000L;

  private final Machine machine = new Machine();
  private final IommuDomain domain = machine.amdv1();

  @AfterEach
  void nothingLeaks() {
    machine.closeAndCheck(domain);
  }

  @Test
  void oneLevelThenTwoAtOnce() {
    domain.map(0x5000, 0x1000, PAGE, READ);
    domain.map(BEYOND_LEVEL_2, 0x2000, PAGE, READ);
    assertEquals(List.of(3), machine.topDriver().levels());
    domain.map(-PAGE, 0x3000, PAGE, READ);
    assertEquals(List.of(3, 5), machine.topDriver().levels());
    assertEquals(5, domain.topLevel());
    assertEquals(0x1000, domain.iovaToPhys(0x5000));
    assertEquals(0x2000, domain.iovaToPhys(BEYOND_LEVEL_2));
    assertEquals(0x3fff, domain.iovaToPhys(-1));
    assertEquals(List.of(), machine.driver().takeInvalidations());
  }

  @Test
  void theOldRootIsItem0OfTheNew() {
    PhysicalMemory memory = machine.memory();
    long old = domain.hardwareInfo().root();
    domain.map(BEYOND_LEVEL_2, 0, PAGE, READ);
    RecordingTopDriver.Change change = machine.topDriver().changes().getFirst();
    assertEquals(domain.hardwareInfo().root(), change.root());
    assertEquals(domain.pageTable().format().tableWord(old, 3), memory.read64(change.root()));
  }

  @Test
  void aLeafAboveTheRootsLevelGrowsItThoughTheRangeFits() {
    IommuDomain small = machine.amdv1(config -> config.topLevel(1));
    small.map(0, 0, 0x20_0000, READ);
    assertEquals(1, small.topLevel());
    small.map(0x4000_0000L, 0x4000_0000L, 0x4000_0000L, READ);
    assertEquals(2, small.topLevel());
    assertEquals(0x7fff_ffffL, small.iovaToPhys(0x7fff_ffffL));
    small.close();
  }

  @Test
  void aFullRootNeverGrows() {
    domain.map(-PAGE, 0, PAGE, READ);
    domain.map(0x8000_0000_0000_0000L, 0, PAGE, READ);
    assertEquals(List.of(5), machine.topDriver().levels());
  }

  @Test
  void growthStopsAtTheWidthOfTheHardware() {
    IommuDomain narrow = machine.amdv1(config -> config.widths(40, 52));
    assertRefused(Errno.ERANGE, () -> narrow.map(1L << 40, 0, PAGE, READ));
    assertEquals(List.of(), machine.topDriver().levels());
    narrow.map((1L << 40) - PAGE, 0, PAGE, READ);
    assertEquals(List.of(3), machine.topDriver().levels());
    assertRefused(Errno.ERANGE, () -> narrow.map(1L << 40, 0, PAGE, READ));
    narrow.close();
  }

  @Test
  void noMemoryForTheSecondOfTwoRoots() {
    domain.map(0, 0x1000, PAGE, READ);
    long root = domain.hardwareInfo().root();
    int tables = tablesOf(domain);
    for (int request = 1; request <= 3; request++) {
      machine.pages().failRequest(request);
      assertRefused(Errno.ENOMEM, () -> domain.map(-PAGE, 0, PAGE, READ));
      assertEquals(root, domain.hardwareInfo().root());
      assertEquals(2, domain.topLevel());
      assertEquals(tables, tablesOf(domain));
    }
    assertEquals(List.of(), machine.topDriver().levels());
    domain.map(-PAGE, 0, PAGE, READ);
    assertEquals(0x1000, domain.iovaToPhys(0));
  }

  @Test
  void aLostRaceFreesWhatItBuiltAndLooksAgain() {
    machine.topDriver().onNextLock(() -> domain.map(BEYOND_LEVEL_2, 0x2000, PAGE, READ));
    domain.map(BEYOND_LEVEL_2 + PAGE, 0x1000, PAGE, READ);
    assertEquals(List.of(3), machine.topDriver().levels(), "grown once, by the other");
    assertEquals(0x1000, domain.iovaToPhys(BEYOND_LEVEL_2 + PAGE));
    assertEquals(0x2000, domain.iovaToPhys(BEYOND_LEVEL_2));
    assertEquals(5, tablesOf(domain));
  }

  @Test
  void aLoserThatNeedsMoreGrowsFromTheWinnersRoot() {
    machine.topDriver().onNextLock(() -> domain.map(BEYOND_LEVEL_2, 0x2000, PAGE, READ));
    domain.map(-PAGE, 0x1000, PAGE, READ);
    assertEquals(List.of(3, 5), machine.topDriver().levels());
    assertEquals(0x1000, domain.iovaToPhys(-PAGE));
    assertEquals(0x2000, domain.iovaToPhys(BEYOND_LEVEL_2));
  }

  @Test
  void aLoserThatNeedsLessUsesTheWinnersRoot() {
    machine.topDriver().onNextLock(() -> domain.map(-PAGE, 0x2000, PAGE, READ));
    domain.map(BEYOND_LEVEL_2, 0x1000, PAGE, READ);
    assertEquals(List.of(5), machine.topDriver().levels());
    assertEquals(0x1000, domain.iovaToPhys(BEYOND_LEVEL_2));
  }

  @Test
  void aDriverThatFailsLeavesTheRootAlone() {
    Lock lock = new ReentrantLock();
    TopDriver failing =
        new TopDriver() {
          @Override
          public Lock topLock() {
            return lock;
          }

          @Override
          public void changeTop(long root, int topLevel) {
            throw new IllegalStateException("device does not answer");
          }
        };
    IommuDomain broken = machine.amdv1(config -> config.topDriver(failing));
    assertThrows(IllegalStateException.class, () -> broken.map(BEYOND_LEVEL_2, 0, PAGE, READ));
    assertEquals(1, tablesOf(broken));
    assertEquals(2, broken.topLevel());
    assertTrue(lock.tryLock(), "the lock is free again");
    broken.map(0, 0, PAGE, READ);
    broken.close();
  }

  @Test
  void aFailedMapAfterGrowthKeepsTheTallerRoot() {
    domain.map(0, 0x1000, PAGE, READ);
    machine.pages().failRequest(2); // the root comes first, then tables below it
    assertRefused(Errno.ENOMEM, () -> domain.map(BEYOND_LEVEL_2, 0, PAGE, READ));
    assertEquals(3, domain.topLevel());
    assertEquals(0x1000, domain.iovaToPhys(0));
  }
}
