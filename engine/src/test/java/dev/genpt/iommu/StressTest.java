package dev.genpt.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.fixture.Leaf;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.ReachableTables;
import dev.genpt.fixture.Threads;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Threads that map, unmap, translate and read dirty bits of one domain, each in stripes of its own
 * that share tables of every level with the others' stripes. {@code -Dgenpt.stress.operations=N}
 * makes it longer.
 */
final class StressTest {
  private static final int THREADS = 4;
  private static final long OPERATIONS = Long.getLong("genpt.stress.operations", 100_000);
  private static final long PAGE = 0x1000;

  /**
   * Where stripes lie.
   *
   * @param base first address; beyond the first root for some
   * @param stripeLg2 bytes of one stripe; stripe n belongs to thread n mod THREADS
   */
  private record Area(long base, int stripeLg2) {}

  private static final List<Area> AREAS =
      List.of(
          new Area(0, 15), // 8 pages each: level-0 tables are shared
          new Area(1L << 33, 21), // a table each, under shared level-1 tables
          new Area(1L << 40, 30), // a subtree each
          new Area(1L << 50, 22),
          new Area(-(1L << 32), 16));

  private final Machine machine = new Machine(256);
  private final IommuDomain domain = machine.amdv1(c -> c.driver(IommuDriver.NONE));

  @Test
  void stripesOfEachThreadAreItsOwn() {
    List<SortedMapModel> models = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      models.add(new SortedMapModel(DomainSetup.growing()));
    }
    Threads.runTogether(THREADS, thread -> new Worker(thread, models.get(thread)).run());
    for (SortedMapModel model : models) {
      checkAndUnmap(model);
    }
    ReachableTables.assertAllHeld(domain);
    machine.closeAndCheck(domain);
    System.out.printf("stress: %,d operations of %d threads%n", OPERATIONS, THREADS);
  }

  private void checkAndUnmap(SortedMapModel model) {
    model
        .leaves()
        .forEach(leaf -> {
          assertEquals(List.of(leaf), Leaf.of(domain, leaf.iova(), leaf.iova()));
          assertEquals(1L << leaf.sizeLg2(), domain.unmap(leaf.iova(), PAGE));
        });
  }

  /** One thread with the model of its stripes. */
  private final class Worker {
    private final int thread;
    private final SortedMapModel model;
    private final Random random;
    private final IotlbGather gather;

    Worker(int thread, SortedMapModel model) {
      this.thread = thread;
      this.model = model;
      random = new Random(thread);
      gather = new IotlbGather(thread % 2 == 1);
    }

    void run() {
      for (long i = 0; i < OPERATIONS / THREADS; i++) {
        operate();
        if (random.nextInt(50) == 0) {
          domain.sync(gather);
        }
      }
      domain.sync(gather);
    }

    private void operate() {
      Area area = AREAS.get(random.nextInt(AREAS.size()));
      long stripe = (long) random.nextInt(16) * THREADS + thread;
      int pagesLg2 = area.stripeLg2 - 12;
      long pages = 1L << random.nextInt(pagesLg2 + 1);
      if (random.nextBoolean()) {
        pages = Math.max(1, Math.min(pages, 700) - random.nextInt(3));
      }
      long room = (1L << pagesLg2) - pages;
      long first = room == 0 ? 0 : random.nextLong(room + 1);
      if (random.nextBoolean()) {
        first -= first % Long.highestOneBit(pages);
      }
      long iova = area.base + (stripe << area.stripeLg2) + first * PAGE;
      act(iova, pages * PAGE);
    }

    private void act(long iova, long length) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          // Only mappings of few leaves, or one map would take more tables than there is memory.
          long pa = length > 700 * PAGE ? iova & 0xf_ffff_ffff_f000L : (1L + thread) << 32;
          Optional<Errno> expected = model.map(iova, pa, length, Protection.READ_WRITE).refusal();
          assertEquals(expected, map(iova, pa, length));
        }
        case 3, 4 -> assertEquals(model.unmap(iova, length), domain.unmap(iova, length));
        case 5 -> assertEquals(model.unmap(iova, length), domain.unmap(iova, length, gather));
        case 6 -> readDirty(iova, length);
        default -> {
          assertEquals(model.iovaToPhys(iova), domain.iovaToPhys(iova));
          assertEquals(model.iovaToPhys(iova + length - 1), domain.iovaToPhys(iova + length - 1));
        }
      }
    }

    private Optional<Errno> map(long iova, long pa, long length) {
      try {
        domain.map(iova, pa, length, Protection.READ_WRITE);
        return Optional.empty();
      } catch (IommuException e) {
        return Optional.of(e.errno());
      }
    }

    private void readDirty(long iova, long length) {
      if (domain.iovaToPhys(iova) == IommuDomain.NO_TRANSLATION) {
        return;
      }
      domain.setDirty(iova);
      List<Long> extents = new ArrayList<>();
      domain.readAndClearDirty(
          iova, length, true, (first, bytes) -> extents.add(first), new IotlbGather());
      assertEquals(List.of(iova), extents);
    }
  }
}
