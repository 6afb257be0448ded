package dev.genpt.iommu;

import static dev.genpt.fixture.Refusal.assertRefused;
import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.DomainSetup;
import dev.genpt.fixture.Machine;
import dev.genpt.inspect.TableLeaves;
import dev.genpt.table.Feature;
import dev.genpt.table.IotlbGather;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Memory that runs out at the first request of an operation, the second, and so on, for every
 * format in every configuration; and operations that must not ask for memory at all.
 */
final class AllocationPointsTest {
  /** A map that needs tables. */
  record Need(String name, long iova, long pa, long length) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** The maps that a setup makes possible. */
  private static List<Need> needs(DomainSetup setup) {
    long page = page(setup);
    long table = Log2.toValue(setup.itemSizeLg2(1));
    boolean signed = setup.has(Feature.SIGN_EXTEND);
    int width = setup.widthLg2(setup.topLevel()) - (signed ? 1 : 0);
    List<Need> needs = new ArrayList<>();
    needs.add(new Need("one page", Log2.toMax(width) + 1 - page, 0, page));
    needs.add(new Need("pages over many tables", 9 * table - page, 2 * page, 3 * table));
    needs.add(new Need("leaves over empty tables", 4 * table, 4 * table, 2 * table + page));
    if (signed) {
      needs.add(new Need("the last page", -page, 0, page));
    }
    if (setup.lastTopLevel() > setup.topLevel()) {
      needs.add(new Need("growth", Log2.toMax(setup.vaLg2()) + 1 - page, 0, page));
    }
    return needs;
  }

  static Stream<Arguments> cases() {
    return DomainSetup.all().stream()
        .flatMap(setup -> needs(setup).stream().map(need -> Arguments.of(setup, need)));
  }

  private static long page(DomainSetup setup) {
    return Log2.toValue(setup.granuleLg2());
  }

  /** A domain with a page that must survive, and empty tables where leaves will come. */
  private static IommuDomain prepared(Machine machine, DomainSetup setup) {
    IommuDomain domain = machine.domain(setup.format(), setup::request);
    long page = page(setup);
    long table = Log2.toValue(setup.itemSizeLg2(1));
    domain.map(page, 3 * page, page, READ_WRITE);
    for (long item : new long[] {4, 5}) {
      domain.map(item * table + page, 0, page, READ_WRITE);
      domain.unmap(item * table + page, page);
    }
    return domain;
  }

  private static List<TableLeaves.Leaf> leaves(IommuDomain domain) {
    TableLeaves table = TableLeaves.of(domain.pageTable());
    assertEquals(List.of(), table.flaws());
    return table.leaves();
  }

  private static void assertMapped(IommuDomain domain, Need need, long bytes, long page) {
    for (long at = 0; at < need.length; at += page) {
      long expected = at < bytes ? need.pa + at : IommuDomain.NO_TRANSLATION;
      assertEquals(expected, domain.iovaToPhys(need.iova + at));
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void mapIsAllOrNothing(DomainSetup setup, Need need) {
    int request = 0;
    boolean succeeded = false;
    while (!succeeded) {
      request++;
      Machine machine = new Machine(16);
      IommuDomain domain = prepared(machine, setup);
      List<TableLeaves.Leaf> before = leaves(domain);
      machine.pages().failRequest(request);
      try {
        domain.map(need.iova, need.pa, need.length, READ_WRITE);
        succeeded = true;
      } catch (IommuException e) {
        assertEquals(Errno.ENOMEM, e.errno());
        assertEquals(0, e.bytesDone());
        assertEquals(before, leaves(domain));
      }
      finish(machine, domain, need, succeeded ? need.length : 0, page(setup));
    }
    assertTrue(request > 1 || need.name.startsWith("leaves"), "it needs memory");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void mapRangeSaysWhatItMapped(DomainSetup setup, Need need) {
    long done = 0;
    for (int request = 1; done < need.length; request++) {
      Machine machine = new Machine(16);
      IommuDomain domain = prepared(machine, setup);
      machine.pages().failRequest(request);
      try {
        domain.mapRange(need.iova, need.pa, need.length, READ_WRITE);
        done = need.length;
      } catch (IommuException e) {
        assertEquals(Errno.ENOMEM, e.errno());
        done = e.bytesDone();
        assertTrue(done < need.length);
      }
      finish(machine, domain, need, done, page(setup));
    }
  }

  /** The rest is mapped, all is unmapped, the page from before is there, nothing leaks. */
  private static void finish(Machine machine, IommuDomain domain, Need need, long done, long page) {
    machine.pages().failRequest(0);
    assertMapped(domain, need, done, page);
    if (done < need.length) {
      domain.map(need.iova + done, need.pa + done, need.length - done, READ_WRITE);
    }
    assertMapped(domain, need, need.length, page);
    assertEquals(need.length, domain.unmap(need.iova, need.length));
    assertEquals(3 * page, domain.iovaToPhys(page));
    machine.closeAndCheck(domain);
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.fixture.DomainSetup#all")
  void withoutMemoryForTheRootThereIsNoDomain(DomainSetup setup) {
    Machine machine = new Machine(16);
    machine.pages().failRequest(1);
    assertRefused(Errno.ENOMEM, () -> machine.domain(setup.format(), setup::request));
    machine.pages().checkNoLeaks();
    machine.closeAndCheck(machine.domain(setup.format(), setup::request));
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.fixture.DomainSetup#all")
  void nothingButAMapAsksForMemory(DomainSetup setup) {
    Machine machine = new Machine(16);
    IommuDomain domain = prepared(machine, setup);
    long page = page(setup);
    machine.pages().failRequest(1);
    assertEquals(3 * page, domain.iovaToPhys(page));
    domain.translate(0);
    if (setup.tracksWrites()) {
      IotlbGather gather = new IotlbGather();
      domain.setDirty(page);
      domain.readAndClearDirty(0, 4 * page, true, DirtyRecorder.NONE, gather);
      domain.sync(gather);
    }
    leaves(domain);
    assertEquals(page, domain.unmap(page, page));
    domain.map(page, 3 * page, page, READ_WRITE);
    domain.narrowPageSizes(-1);
    domain.unmap(0, Log2.toValue(setup.itemSizeLg2(1)));
    Need elsewhere = needs(setup).getFirst();
    assertRefused(
        Errno.ENOMEM, () -> domain.map(elsewhere.iova, elsewhere.pa, elsewhere.length, READ_WRITE));
    machine.closeAndCheck(domain);
  }
}
