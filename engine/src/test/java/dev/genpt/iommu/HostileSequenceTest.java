package dev.genpt.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.Neighbour;
import dev.genpt.inspect.TableTree;
import dev.genpt.inspect.WalkTrace;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random words written into the tables of every format in every configuration between random
 * operations, those that only look included.
 */
final class HostileSequenceTest {
  private static final int ROUNDS = 20;
  private static final int STEPS = 60;

  @ParameterizedTest
  @MethodSource("dev.genpt.fixture.DomainSetup#all")
  void nobodyElseIsTouched(DomainSetup setup) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      new Attack(setup, seed).run();
    }
  }

  /** One domain whose tables are written to by someone else. */
  private static final class Attack {
    private final Machine machine = new Machine(32);
    private final Random random;
    private final String name;
    private final IommuDomain domain;
    private final PageTableFormat format;
    private final Neighbour neighbour;
    private final long firstPage;
    private final int granule;

    Attack(DomainSetup setup, int seed) {
      random = new Random(seed);
      name = setup + ", seed " + seed;
      firstPage = machine.memory().regions().getFirst().base();
      domain = machine.domain(setup.format(), setup::request);
      format = domain.pageTable().format();
      granule = setup.granuleLg2();
      neighbour = new Neighbour(machine);
    }

    void run() {
      IotlbGather gather = new IotlbGather(random.nextBoolean());
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(3) == 0) {
          corrupt();
        } else {
          operate(gather);
        }
      }
      refusable(() -> domain.sync(gather));
      neighbour.assertUntouched();
      assertTrue(machine.pages().isLive(domain.owner(), root()), name);
      domain.close();
      assertEquals(0, domain.owner().liveBlocks(), name);
      neighbour.leave();
      machine.pages().checkNoLeaks();
    }

    private long root() {
      return domain.pageTable().root().address();
    }

    /** Writes one item, or a run of them, of one of the domain's tables. */
    private void corrupt() {
      long table = root();
      for (int page = random.nextInt(100); page < 400; page++) {
        long candidate = firstPage + page * 0x1000L;
        if (machine.pages().isLive(domain.owner(), candidate)) {
          table = candidate;
          break;
        }
      }
      int index = random.nextInt(512);
      int run = random.nextInt(4) == 0 ? random.nextInt(512 - index) + 1 : 1;
      long word = hostileWord();
      for (int i = index; i < index + run; i++) {
        machine.memory().write64(table + i * 8L, word);
      }
    }

    private long hostileWord() {
      int level = random.nextInt(format.geometry().maxTopLevel() + 1);
      return switch (random.nextInt(7)) {
        case 0 -> random.nextLong() | 1;
        case 1 -> -1L << random.nextInt(64) | 1;
        case 2 -> format.tableWord(firstPage + random.nextInt(100) * 0x1000L, level);
        case 3 -> format.tableWord(neighbour.dataPage(random.nextInt(64)), level);
        case 4 -> format.tableWord(root(), level);
        case 5 ->
            format.dirtied(
                format.leafWord(0, granule, 0, format.attributesFor(Protection.READ_WRITE))
                    | random.nextLong());
        default -> 0;
      };
    }

    private void operate(IotlbGather gather) {
      int width = domain.pageTable().maxVaLg2();
      int scale = granule + random.nextInt(width - granule);
      long iova =
          Log2.mod(random.nextLong(), Math.min(width - 1, granule + 1 + random.nextInt(40)));
      long length = Math.max(1L << granule, 1L << random.nextInt(scale + 1));
      long start = Log2.alignDown(iova, granule);
      refusable(
          switch (random.nextInt(9)) {
            case 0, 1 -> () -> domain.map(start, 0, smallLength(), Protection.READ_WRITE);
            case 2 ->
                () ->
                    domain.map(
                        Log2.alignDown(iova, Log2.ffs(length)), 0, length, Protection.READ_WRITE);
            case 3 -> () -> domain.unmap(start, length);
            case 4 -> () -> domain.unmap(Log2.alignDown(iova, Log2.ffs(length)), length, gather);
            case 5 ->
                () -> domain.readAndClearDirty(start, length, true, DirtyRecorder.NONE, gather);
            case 6 -> () -> domain.setDirty(iova);
            case 7 ->
                () -> {
                  TableTree.read(domain.pageTable());
                  WalkTrace.of(domain.pageTable(), iova);
                };
            default ->
                () -> {
                  domain.iovaToPhys(iova);
                  domain.translate(iova);
                };
          });
    }

    private long smallLength() {
      return (1L + random.nextInt(600)) << granule;
    }

    /** Whatever it is, it ends, and in an answer or in a refusal. */
    private void refusable(Runnable operation) {
      try {
        operation.run();
      } catch (IommuException e) {
        assertTrue(e.bytesDone() >= 0, name);
      }
    }
  }
}
