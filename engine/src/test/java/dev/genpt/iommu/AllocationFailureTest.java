package dev.genpt.iommu;

import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.Leaf;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.RecordingDriver.Event;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every map with memory that runs out at the first request, the second, and so on until it
 * succeeds.
 */
final class AllocationFailureTest {
  private static final long PAGE = 0x1000;
  private static final long M2 = 0x200000;
  private static final long G1 = 0x40000000;

  /**
   * A map on a table that has something in it already.
   *
   * @param requests how many tables it needs
   */
  record Case(String what, long iova, long pa, long length, int requests) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Case> cases() {
    return List.of(
        new Case("one page in tables of its own", 0x7f_ffff_f000L, 0, PAGE, 2),
        new Case("small pages over many tables", G1 + M2 - PAGE, 0, 8 * M2, 10),
        new Case("growth by one level", 1L << 39, 0, PAGE, 4),
        new Case("growth by three levels", -PAGE, 0, PAGE, 8),
        new Case("growth for the leaf alone", 1L << 41, 1L << 41, 1L << 41, 1),
        new Case(
            "a large map of mixed sizes",
            9 * G1 - 3 * M2 - 5 * PAGE,
            3 * G1 - 3 * M2 - 5 * PAGE,
            3 * G1 + 7 * M2 + 9 * PAGE,
            4),
        new Case("over empty tables that it replaces", 4 * G1, 0, 2 * G1 + PAGE, 2));
  }

  private final Machine machine = new Machine();
  private final IommuDomain domain = machine.amdv1();

  /** Something that must survive, and empty tables under two gigabytes. */
  private void prepare() {
    domain.map(0x5000, 0x1000, PAGE, READ_WRITE);
    domain.map(5 * G1 + M2, 0, PAGE, READ_WRITE);
    domain.unmap(5 * G1 + M2, PAGE);
    domain.map(4 * G1 + 3 * M2, 0, PAGE, READ_WRITE);
    domain.unmap(4 * G1 + 3 * M2, PAGE);
    machine.driver().takeAll();
  }

  private void assertOldMappingIsThere() {
    assertEquals(0x1abc, domain.iovaToPhys(0x5abc));
  }

  private void assertMapped(Case map, long bytes) {
    for (Leaf leaf : Leaf.of(domain, map.iova, map.iova + map.length - 1)) {
      long offset = leaf.iova() - map.iova;
      assertTrue(Long.compareUnsigned(offset, bytes) < 0, "beyond what was reported");
      assertEquals(map.pa + offset, leaf.oa());
    }
    if (bytes > 0) {
      assertEquals(map.pa + bytes - 1, domain.iovaToPhys(map.iova + bytes - 1));
    }
    if (bytes < map.length) {
      assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(map.iova + bytes));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void mapIsAllOrNothing(Case map) {
    int request = 1;
    while (!new AllocationFailureTest().mapsAllOrNothing(map, request)) {
      request++;
    }
    assertEquals(map.requests + 1, request, "tables that the map needs");
  }

  /** True if the map succeeded because it needs fewer tables than {@code request}. */
  private boolean mapsAllOrNothing(Case map, int request) {
    prepare();
    machine.pages().failRequest(request);
    boolean succeeded = true;
    try {
      domain.map(map.iova, map.pa, map.length, READ_WRITE);
    } catch (IommuException e) {
      assertEquals(Errno.ENOMEM, e.errno());
      assertEquals(0, e.bytesDone());
      succeeded = false;
    }
    machine.pages().failRequest(0);
    boolean told =
        machine.driver().takeAll().stream().anyMatch(event -> event instanceof Event.SyncMap);
    assertEquals(succeeded, told, "the driver hears of what is mapped, and only of that");
    assertMapped(map, succeeded ? map.length : 0);
    finish(map, succeeded ? map.length : 0);
    return succeeded;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void mapRangeSaysWhatItMapped(Case map) {
    int request = 1;
    while (!new AllocationFailureTest().mapsWhatItSays(map, request)) {
      request++;
    }
    assertEquals(map.requests + 1, request, "tables that the map needs");
  }

  private boolean mapsWhatItSays(Case map, int request) {
    prepare();
    machine.pages().failRequest(request);
    long done = map.length;
    try {
      domain.mapRange(map.iova, map.pa, map.length, READ_WRITE);
    } catch (IommuException e) {
      assertEquals(Errno.ENOMEM, e.errno());
      done = e.bytesDone();
    }
    machine.pages().failRequest(0);
    assertMapped(map, done);
    finish(map, done);
    return done == map.length;
  }

  /** The domain is usable: the rest is mapped, all is unmapped, nothing leaks. */
  private void finish(Case map, long done) {
    assertOldMappingIsThere();
    if (done < map.length) {
      domain.map(map.iova + done, map.pa + done, map.length - done, READ_WRITE);
    }
    assertMapped(map, map.length);
    assertEquals(map.length, domain.unmap(map.iova, map.length));
    assertOldMappingIsThere();
    machine.closeAndCheck(domain);
  }
}
