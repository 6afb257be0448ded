package dev.genpt.iommu;

import static dev.genpt.fixture.Refusal.assertRefused;
import static dev.genpt.table.Protection.CACHE;
import static dev.genpt.table.Protection.READ;
import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.RecordingDriver;
import dev.genpt.format.Amdv1Mock;
import dev.genpt.format.VtdSecondStage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The errors of a map, their order where several would apply, and what they leave behind. */
final class MapErrorsTest {
  private static final long PAGE = 0x1000;
  private static final long LAST_PAGE = -PAGE;
  private static final long BEYOND_OA = 1L << 52;

  private final Machine machine = new Machine();
  private final IommuDomain domain = machine.amdv1();

  private void assertNothingDone(Errno errno, long iova, long pa, long length, int prot) {
    int tables = Machine.tablesOf(domain);
    IommuException refused = assertRefused(errno, () -> domain.mapRange(iova, pa, length, prot));
    assertEquals(0, refused.bytesDone());
    assertEquals(iova, refused.iova());
    assertRefused(errno, () -> domain.map(iova, pa, length, prot));
    assertEquals(tables, Machine.tablesOf(domain));
    assertEquals(List.of(), machine.driver().takeAll());
  }

  @AfterEach
  void nothingLeaks() {
    machine.closeAndCheck(domain);
  }

  @Test
  void oneErrorEach() {
    assertNothingDone(Errno.EINVAL, 0, 0, PAGE, CACHE);
    assertNothingDone(Errno.EINVAL, 0, 0, PAGE, 0);
    assertNothingDone(Errno.ERANGE, 0, BEYOND_OA, PAGE, READ);
    assertNothingDone(Errno.ERANGE, 0, -PAGE, PAGE, READ);
    assertNothingDone(Errno.EINVAL, 0, 0, 0, READ);
    assertNothingDone(Errno.EOVERFLOW, -1, 0, PAGE, READ);
    assertNothingDone(Errno.EOVERFLOW, PAGE, 0, -PAGE + 1, READ);
    assertNothingDone(Errno.ENXIO, 0x800, 0, PAGE, READ);
    assertNothingDone(Errno.ENXIO, 0, 0x800, 2 * PAGE, READ);
    assertNothingDone(Errno.ENXIO, 0, 0, 0x800, READ);
    assertNothingDone(Errno.ENXIO, 0, 0, 1, READ);
  }

  @Test
  void theFirstErrorOfTheOrderIsGiven() {
    assertNothingDone(Errno.EINVAL, 0, BEYOND_OA, PAGE, CACHE); // protection before output address
    assertNothingDone(Errno.ERANGE, 0, BEYOND_OA, 0, READ); // output address before length
    assertNothingDone(Errno.EINVAL, 1, 0, 0, READ); // length before alignment
    assertNothingDone(Errno.EOVERFLOW, -1, 0, 0x1800, READ); // overflow before alignment
    assertNothingDone(Errno.ERANGE, 0x800, BEYOND_OA - PAGE, 0x1800, READ); // output end too
  }

  @Test
  void theLastOutputAddressCountsToo() {
    assertNothingDone(Errno.ERANGE, 0, BEYOND_OA - 0x10000, 0x100000, READ);
    assertNothingDone(Errno.ERANGE, 0, BEYOND_OA - PAGE, -0x2000, READ);
    domain.map(0, BEYOND_OA - 0x10000, 0x10000, READ);
    assertEquals(BEYOND_OA - 1, domain.iovaToPhys(0xffff));
  }

  @Test
  void aLengthThatNoPageDividesIsRefusedBeforeAnythingIsDone() {
    assertNothingDone(Errno.ENXIO, 0, 0, 0x1800, READ);
    assertNothingDone(Errno.ENXIO, 0x8000_0000_0000L, 0, 0x1800, READ); // and before growth
    assertEquals(2, domain.topLevel());
  }

  @Test
  void noPageSizeFitsWhenOnlyLargeOnesAreLeft() {
    domain.narrowPageSizes(0x200000L | 0x40000000L);
    assertNothingDone(Errno.ENXIO, 0, 0, PAGE, READ);
    assertNothingDone(Errno.ENXIO, 0, PAGE, 0x200000, READ);
    assertNothingDone(Errno.ENXIO, 0, 0, 0x300000, READ);
    domain.map(0x200000, 0x400000, 0x200000, READ);
  }

  @Test
  void oneHostPageOnAFormatThatLostIt() {
    domain.narrowPageSizes(~PAGE);
    assertNothingDone(Errno.ENXIO, 0, 0, PAGE, READ);
    domain.map(0, 0, 2 * PAGE, READ);
    assertEquals(2 * PAGE, domain.unmap(0, PAGE));
  }

  @Test
  void aFormatsRefusalOfTheProtectionComesBeforeTheRange() {
    IommuDomain vtd =
        machine.domain(
            VtdSecondStage.DEFINITION,
            c -> c.topLevel(3).widths(48, 52).features(VtdSecondStage.FORCE_WRITEABLE));
    assertRefused(Errno.EINVAL, () -> vtd.map(-1, 0, PAGE, READ));
    assertRefused(Errno.EOVERFLOW, () -> vtd.map(-1, 0, PAGE, READ_WRITE));
    vtd.close();
  }

  @Test
  void addressesBeyondTheLargestRootAreRefused() {
    IommuDomain small = machine.amdv1(config -> config.widths(48, 52));
    assertRefused(Errno.ERANGE, () -> small.map(1L << 48, 0, PAGE, READ));
    assertRefused(Errno.ERANGE, () -> small.map((1L << 48) - PAGE, 0, 2 * PAGE, READ));
    assertRefused(Errno.ERANGE, () -> small.map(LAST_PAGE, 0, PAGE, READ));
    small.map((1L << 48) - PAGE, 0, PAGE, READ);
    small.close();
  }

  @Test
  void aLeafLargerThanTheTableEndsOutOfRange() {
    IommuDomain mock = machine.domain(Amdv1Mock.DEFINITION, c -> c.topLevel(2).widths(30, 51));
    assertEquals(0x3f_ffff_f800L, mock.pageSizeBitmap());
    assertRefused(Errno.ERANGE, () -> mock.map(0, 0, 1L << 31, READ));
    mock.close();
  }

  @Test
  void aLeafInTheWayOfAnySize() {
    domain.map(0x200000, 0x200000, 0x200000, READ_WRITE);
    for (long[] request :
        new long[][] {{0x200000, 0x200000}, {0x3ff000, PAGE}, {0, 0x400000}, {0, 0x40000000}}) {
      IommuException refused =
          assertRefused(
              Errno.EADDRINUSE, () -> domain.mapRange(request[0], 0x40000000, request[1], READ));
      assertEquals(0, refused.bytesDone());
      assertEquals(request[0], refused.iova());
    }
    assertEquals(0x234567, domain.iovaToPhys(0x234567));
  }

  @Test
  void aPartialMapSaysHowFarItCame() {
    IommuDomain x86 = machine.x86(config -> config);
    x86.map(0x3000, 0, PAGE, READ);
    IommuException refused =
        assertRefused(Errno.EADDRINUSE, () -> x86.mapRange(0, 0x10000, 0x5000, READ));
    assertEquals(0x3000, refused.bytesDone());
    assertEquals(0x3000, refused.iova());
    assertEquals(0x12abc, x86.iovaToPhys(0x2abc));
    assertEquals(0, x86.iovaToPhys(0x3000));
    assertEquals(0x3000, x86.unmap(0, 0x3000));
    x86.close();
  }

  @Test
  void memoryMayRunOutOnTheWay() {
    domain.map(0, 0, PAGE, READ);
    domain.unmap(0, PAGE);
    machine.driver().takeAll();
    machine.pages().failRequest(1);
    IommuException refused =
        assertRefused(Errno.ENOMEM, () -> domain.mapRange(0x1ff000, 0, 0x2000, READ));
    assertEquals(PAGE, refused.bytesDone());
    assertEquals(0, domain.iovaToPhys(0x1ff000));
    assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(0x200000));
  }

  @Test
  void mapUndoesItsOwnPartAndTellsOfNoMapping() {
    domain.map(0x203000, 0x5000, PAGE, READ_WRITE);
    machine.driver().takeAll();
    int tables = Machine.tablesOf(domain);
    IommuException refused =
        assertRefused(Errno.EADDRINUSE, () -> domain.map(0, 0x1000, 0x300000, READ_WRITE));
    assertEquals(0, refused.bytesDone());
    assertEquals(0x203000, refused.iova());
    assertEquals(0x5000, domain.iovaToPhys(0x203000));
    for (long iova = 0; iova < 0x203000; iova += PAGE) {
      assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(iova));
    }
    assertEquals(tables, Machine.tablesOf(domain), "the new level-0 table was covered, so it goes");
    List<RecordingDriver.Event> told = machine.driver().takeAll();
    assertEquals(List.of(new RecordingDriver.Event.Sync(0, 0x202fff, 1, tables + 1)), told);
  }

  @Test
  void messagesNameTheValueAndTheRule() {
    String message = assertRefused(Errno.ENXIO, () -> domain.map(0x1800, 0, PAGE, READ)).toString();
    assertTrue(message.contains("0x1800") && message.contains("ENXIO"), message);
  }
}
