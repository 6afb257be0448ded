package dev.genpt.iommu;

import static dev.genpt.table.Protection.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.fixture.Machine;
import dev.genpt.fixture.ReachableTables;
import dev.genpt.fixture.Threads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many threads grow one root at once, each to where it needs it. */
final class ConcurrentGrowthTest {
  private static final long PAGE = 0x1000;
  private static final int THREADS = 8;

  /** A page of each thread, in the reach of roots of level 1 to 5. */
  private static long iovaOf(int thread) {
    long[] heights = {0x2000_0000L, 1L << 31, 1L << 40, 1L << 49, 1L << 58, -(1L << 40), 1L << 47};
    return heights[thread % heights.length] + thread * PAGE;
  }

  private static void mapAll(IommuDomain domain, int thread) {
    domain.map(iovaOf(thread), (thread + 1) * PAGE, PAGE, READ);
    assertEquals((thread + 1) * PAGE, domain.iovaToPhys(iovaOf(thread)));
  }

  @Test
  void everyMappingIsThereAndNoTableIsLost() {
    Machine alone = new Machine();
    IommuDomain expected = alone.amdv1(c -> c.topLevel(1));
    for (int thread = 0; thread < THREADS; thread++) {
      mapAll(expected, thread);
    }
    for (int round = 0; round < 400; round++) {
      Machine machine = new Machine();
      IommuDomain domain = machine.amdv1(c -> c.topLevel(1));
      Threads.runTogether(THREADS, thread -> mapAll(domain, thread));
      for (int thread = 0; thread < THREADS; thread++) {
        assertEquals((thread + 1) * PAGE, domain.iovaToPhys(iovaOf(thread)));
      }
      assertEquals(5, domain.topLevel());
      assertAscending(machine.topDriver().levels());
      assertEquals(machine.topDriver().changes().getLast().root(), domain.hardwareInfo().root());
      assertEquals(Machine.tablesOf(expected), Machine.tablesOf(domain));
      ReachableTables.assertAllHeld(domain);
      machine.closeAndCheck(domain);
    }
  }

  private static void assertAscending(List<Integer> levels) {
    assertEquals(levels.stream().sorted().distinct().toList(), levels);
    assertEquals(5, levels.getLast());
  }
}
