package dev.genpt.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.HardwareWalker;
import dev.genpt.fixture.Leaf;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.ReachableTables;
import dev.genpt.fixture.Threads;
import dev.genpt.fixture.UnsnoopedWalker;
import dev.genpt.format.Amdv1;
import dev.genpt.format.Amdv1Mock;
import dev.genpt.format.Riscv;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.format.X86_64;
import dev.genpt.table.Build;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.PausingFormat;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads that map, unmap, translate, read dirty bits and grow one table, each in stripes of its
 * own that share tables of every level with the others' stripes, round after round with a new
 * table.
 *
 * <p>They give way to each other at random wherever a change becomes visible: around every
 * compare-and-set by {@link PausingFormat}, around the publication of a root by {@link
 * HardwareWalker}, before tables are freed by the driver that invalidates. These seams are there
 * for formats and drivers; the engine itself knows nothing of it, and costs what it costs.
 *
 * <p>Oracles: each thread compares every answer with a model of its stripes, and with what hardware
 * sees when a map or unmap returns, where that does not snoop even through what was written back.
 * At the end of a round the leaves are those of the models, every table that is held can be
 * reached, and nothing leaks.
 *
 * <p>{@code -Dgenpt.stress.operations=N} makes it longer, {@code -Dgenpt.stress.seed=N} repeats the
 * choices, if not the timing, of a run.
 */
final class StressTest {
  private static final int THREADS = 4;
  private static final int ROUND = 8_000;
  private static final long OPERATIONS = Long.getLong("genpt.stress.operations", 80_000);
  private static final long SEED =
      Long.getLong("genpt.stress.seed", ThreadLocalRandom.current().nextInt(1_000_000));
  private static final int LARGEST_RUN_OF_PAGES = 700;
  private static final long PAGE = 0x1000;

  /**
   * Where stripes lie.
   *
   * @param base first address
   * @param stripeLg2 bytes of one stripe; stripe n belongs to thread n mod THREADS
   */
  record Area(long base, int stripeLg2) {}

  /**
   * A table that the threads meet on.
   *
   * @param areas in the order in which a round opens them, so that a root that grows has to grow
   *     while all are at work
   */
  record Meeting(
      String name, FormatDefinition format, UnaryOperator<DomainConfig> config, List<Area> areas) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Level-0 tables are shared; then a table each, under shared level-1 tables; a subtree each. */
  private static final List<Area> LOW =
      List.of(new Area(0, 15), new Area(1L << 33, 21), new Area(1L << 36, 30));

  private static List<Area> areas(Area... more) {
    return Stream.concat(LOW.stream(), Stream.of(more)).toList();
  }

  static List<Meeting> meetings() {
    List<Area> bothHalves = areas(new Area(-(1L << 47), 22), new Area(-(1L << 32), 16));
    return List.of(
        new Meeting(
            "amdv1, growing over 64 bits",
            Amdv1.DEFINITION,
            c -> c.topLevel(2).features(Machine.amdv1Features(Feature.FLUSH_RANGE)),
            areas(new Area(1L << 40, 22), new Area(1L << 50, 21), new Area(-(1L << 32), 16))),
        new Meeting(
            "mock, growing",
            Amdv1Mock.DEFINITION,
            c -> c.build(Build.DEBUG).topLevel(2).features(Feature.DYNAMIC_TOP),
            areas(new Area(1L << 40, 22), new Area(1L << 50, 21))),
        new Meeting(
            "x86_64, sign extended",
            X86_64.DEFINITION,
            c -> c.topLevel(3).widths(48, 52).features(Feature.SIGN_EXTEND),
            bothHalves),
        new Meeting(
            "x86_64, incoherent",
            X86_64.DEFINITION,
            c -> c.topLevel(3).widths(48, 52).features(Feature.DMA_INCOHERENT),
            areas(new Area(1L << 47, 22))),
        new Meeting(
            "vtdss, incoherent",
            VtdSecondStage.DEFINITION,
            c -> c.topLevel(3).widths(48, 52).features(Feature.DMA_INCOHERENT),
            areas(new Area(1L << 47, 22))),
        new Meeting(
            "riscv64, contiguous leaves",
            Riscv.DEFINITION,
            c -> c.widths(48, 56).features(Feature.SIGN_EXTEND, Riscv.SVNAPOT_64K),
            bothHalves));
  }

  private final Machine machine = new Machine(256);

  @ParameterizedTest
  @MethodSource("meetings")
  void stripesOfEachThreadAreItsOwn(Meeting meeting) {
    for (long done = 0; done < OPERATIONS; done += ROUND) {
      round(meeting, SEED + done);
    }
    System.out.printf(
        "stress of %s: %,d operations of %d threads, seed %d%n",
        meeting, OPERATIONS, THREADS, SEED);
  }

  private void round(Meeting meeting, long seed) {
    UnsnoopedWalker unsnooped = new UnsnoopedWalker(machine.memory(), StressTest::giveWay);
    HardwareWalker snooping = new HardwareWalker(machine.memory(), StressTest::giveWay);
    IommuDomain domain =
        machine.domain(
            PausingFormat.of(meeting.format, StressTest::giveWay),
            c ->
                meeting
                    .config
                    .apply(c)
                    .driver(new GivingWay())
                    .flusher(unsnooped)
                    .topDriver(snooping));
    HardwareWalker hardware = domain.pageTable().has(Feature.DMA_INCOHERENT) ? unsnooped : snooping;
    hardware.attach(domain.pageTable());
    List<Worker> workers =
        IntStream.range(0, THREADS)
            .mapToObj(thread -> new Worker(thread, meeting.areas, domain, hardware, seed))
            .toList();
    try {
      Threads.runTogether(THREADS, thread -> workers.get(thread).run());
      workers.forEach(Worker::checkAndUnmap);
      ReachableTables.assertAllHeld(domain);
      machine.closeAndCheck(domain);
    } catch (Throwable e) {
      throw new AssertionError("%s, seed %d".formatted(meeting, SEED), e);
    }
  }

  /** Lets another thread run, now and then. */
  @SuppressWarnings("ThreadPriorityCheck") // that is the point here
  private static void giveWay() {
    if (ThreadLocalRandom.current().nextInt(16) == 0) {
      Thread.yield();
    }
  }

  /** A driver that takes its time before tables are freed. */
  private static final class GivingWay implements IommuDriver {
    @Override
    public void iotlbSync(IommuDomain domain, IotlbGather gather) {
      giveWay();
    }

    @Override
    public void flushIotlbAll(IommuDomain domain) {
      giveWay();
    }
  }

  /** One thread with the model of its stripes. */
  private static final class Worker {
    private final int thread;
    private final List<Area> areas;
    private final IommuDomain domain;
    private final HardwareWalker hardware;
    private final StripeModel model;
    private final Random random;
    private final IotlbGather gather;

    Worker(int thread, List<Area> areas, IommuDomain domain, HardwareWalker hardware, long seed) {
      this.thread = thread;
      this.areas = areas;
      this.domain = domain;
      this.hardware = hardware;
      model = new StripeModel(domain.pageSizeBitmap());
      random = new Random(seed * THREADS + thread);
      gather = new IotlbGather(thread % 2 == 1);
    }

    void run() {
      int operations = ROUND / THREADS;
      for (int i = 0; i < operations; i++) {
        operate(areas.get(random.nextInt(1 + i * areas.size() / operations)));
        if (random.nextInt(50) == 0) {
          domain.sync(gather);
        }
      }
      domain.sync(gather);
    }

    private void operate(Area area) {
      long stripe = (long) random.nextInt(16) * THREADS + thread;
      int pagesLg2 = area.stripeLg2 - 12;
      long pages = 1L << random.nextInt(pagesLg2 + 1);
      if (random.nextBoolean()) {
        pages = Math.max(1, Math.min(pages, LARGEST_RUN_OF_PAGES) - random.nextInt(3));
      }
      long room = (1L << pagesLg2) - pages;
      long first = room == 0 ? 0 : random.nextLong(room + 1);
      if (random.nextBoolean()) {
        first -= first % Long.highestOneBit(pages);
      }
      act(area.base + (stripe << area.stripeLg2) + first * PAGE, pages * PAGE);
    }

    private void act(long iova, long length) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          // Only mappings of few leaves, or one map would take more tables than there is memory.
          long pa =
              length > LARGEST_RUN_OF_PAGES * PAGE
                  ? iova & 0x7_ffff_ffff_f000L
                  : (1L + thread) << 32;
          assertEquals(model.map(iova, pa, length), map(iova, pa, length));
        }
        case 3, 4 -> assertEquals(model.unmap(iova, length), domain.unmap(iova, length));
        case 5 -> assertEquals(model.unmap(iova, length), domain.unmap(iova, length, gather));
        case 6 -> readDirty(iova, length);
        default -> {}
      }
      checkTranslation(iova);
      checkTranslation(iova + length - 1);
    }

    private void checkTranslation(long iova) {
      assertEquals(model.translate(iova), domain.iovaToPhys(iova));
      assertEquals(model.translate(iova), hardware.translate(iova));
    }

    /** False if something is in the way. */
    private boolean map(long iova, long pa, long length) {
      try {
        domain.map(iova, pa, length, Protection.READ_WRITE);
        return true;
      } catch (IommuException e) {
        assertEquals(Errno.EADDRINUSE, e.errno(), e.getMessage());
        return false;
      }
    }

    private void readDirty(long iova, long length) {
      if (!domain.pageTable().format().supportsDirty()
          || model.translate(iova) == IommuDomain.NO_TRANSLATION) {
        return;
      }
      domain.setDirty(iova);
      List<Long> extents = new ArrayList<>();
      domain.readAndClearDirty(
          iova, length, true, (first, bytes) -> extents.add(first), new IotlbGather());
      assertEquals(List.of(iova), extents);
    }

    /** After the round: the leaves are those of the model. */
    void checkAndUnmap() {
      for (Leaf leaf : model.leaves()) {
        assertEquals(List.of(leaf), Leaf.of(domain, leaf.iova(), leaf.iova()));
        assertEquals(1L << leaf.sizeLg2(), domain.unmap(leaf.iova(), PAGE));
      }
    }
  }
}
