package dev.genpt.iommu;

import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.Neighbour;
import dev.genpt.inspect.TableLeaves;
import dev.genpt.inspect.TableTree;
import dev.genpt.inspect.WalkTrace;
import dev.genpt.table.EntryType;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.PageTableFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A pointer of a table of level 1 that leads where it must not, for every format in every
 * configuration: every operation ends in the errors that it may have, nobody else is touched, and
 * the domain closes without a leak.
 */
final class HostileTablesTest {
  /** Where the pointer leads. */
  enum Attack {
    NOWHERE,
    BEYOND_RAM,
    ANOTHERS_TABLE,
    ANOTHERS_DATA,
    A_FREED_TABLE,
    ITSELF,
    THE_ROOT,
    A_TABLE_TWICE
  }

  private static final Set<Errno> ALLOWED = Set.of(Errno.EIO, Errno.EADDRINUSE, Errno.ENOENT);

  /** A domain with 600 pages, whose second table of level 0 is gone again. */
  private static final class Victim {
    final Machine machine = new Machine(16);
    final IommuDomain domain;
    final PageTableFormat format;
    final Neighbour neighbour;
    final long page;
    final long table;
    final long level1;
    final long level0;
    final long freed;

    Victim(DomainSetup setup) {
      domain = machine.domain(setup.format(), setup::request);
      format = domain.pageTable().format();
      page = Log2.toValue(setup.granuleLg2());
      table = Log2.toValue(setup.itemSizeLg2(1));
      domain.map(0, page, table + 88 * page, READ_WRITE);
      level1 = tableAt(1);
      level0 = child(level1, 0, 1);
      freed = child(level1, 1, 1);
      assertEquals(88 * page, domain.unmap(table, 88 * page));
      domain.map(table + 88 * page, 0, page, READ_WRITE);
      domain.unmap(table, table);
      domain.map(4 * table, 0, page, READ_WRITE);
      neighbour = new Neighbour(machine);
    }

    long root() {
      return domain.pageTable().root().address();
    }

    private long tableAt(int level) {
      long at = root();
      for (int up = domain.topLevel(); up > level; up--) {
        at = child(at, 0, up);
      }
      return at;
    }

    private long child(long at, int index, int level) {
      long word = format.load(machine.memory(), at, index);
      assertEquals(EntryType.TABLE, format.typeOf(word, level));
      return format.tableAddress(word, level);
    }

    void corrupt(Attack attack) {
      long target =
          switch (attack) {
            case NOWHERE -> 0;
            case BEYOND_RAM -> (1L << 40) - 0x1000;
            case ANOTHERS_TABLE -> neighbour.root();
            case ANOTHERS_DATA -> neighbour.dataPage(3);
            case A_FREED_TABLE -> freed;
            case ITSELF -> level1;
            case THE_ROOT -> root();
            case A_TABLE_TWICE -> level0;
          };
      long word = format.tableWord(target, 1);
      machine.memory().write64(level1 + 2 * 8L, word);
    }

    List<Runnable> operations() {
      long iova = 2 * table;
      IotlbGather gather = new IotlbGather();
      return List.of(
          () -> domain.iovaToPhys(iova + 5),
          () -> domain.translate(iova),
          () -> dirty(() -> domain.setDirty(iova)),
          () ->
              dirty(() -> domain.readAndClearDirty(0, 5 * table, true, DirtyRecorder.NONE, gather)),
          () -> domain.map(iova, 0, page, READ_WRITE),
          () -> domain.map(iova, iova, table, READ_WRITE),
          () -> domain.unmap(iova, page),
          () -> domain.unmap(iova, table),
          () -> domain.unmap(0, 5 * table, gather),
          () -> domain.unmap(0, 1L << 38),
          () -> TableTree.read(domain.pageTable()),
          () -> TableLeaves.of(domain.pageTable()),
          () -> WalkTrace.of(domain.pageTable(), iova),
          () -> domain.sync(gather));
    }

    private void dirty(Runnable operation) {
      if (format.supportsDirty()) {
        operation.run();
      }
    }
  }

  static Stream<Arguments> cases() {
    return DomainSetup.all().stream()
        .flatMap(
            setup -> Arrays.stream(Attack.values()).map(attack -> Arguments.of(setup, attack)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void everyOperationEndsAndTouchesNobody(DomainSetup setup, Attack attack) {
    int operations = new Victim(setup).operations().size();
    for (int first = 0; first < operations; first++) {
      Victim victim = new Victim(setup);
      victim.corrupt(attack);
      List<Runnable> all = victim.operations();
      for (int i = 0; i < operations; i++) {
        runOrRefuse(all.get((first + i) % operations));
        assertTrue(victim.machine.pages().isLive(victim.domain.owner(), victim.root()));
      }
      victim.neighbour.assertUntouched();
      victim.domain.close();
      victim.neighbour.assertUntouched();
      victim.neighbour.leave();
      victim.machine.pages().checkNoLeaks();
    }
  }

  private static void runOrRefuse(Runnable operation) {
    try {
      operation.run();
    } catch (IommuException e) {
      assertTrue(ALLOWED.contains(e.errno()), e.toString());
    }
  }
}
