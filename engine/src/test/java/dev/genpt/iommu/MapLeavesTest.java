package dev.genpt.iommu;

import static dev.genpt.table.Protection.READ;
import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.genpt.fixture.Leaf;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.RecordingDriver.Event;
import dev.genpt.table.Feature;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Into which leaves a map cuts its range, and what they translate to. */
final class MapLeavesTest {
  private static final long PAGE = 0x1000;

  private final Machine machine = new Machine();
  private IommuDomain domain = machine.amdv1();

  @BeforeEach
  void grow() {
    domain.map(-PAGE, 0, PAGE, READ);
    domain.unmap(-PAGE, PAGE);
    machine.driver().takeAll();
  }

  @AfterEach
  void nothingLeaks() {
    machine.closeAndCheck(domain);
  }

  private List<Integer> sizesOf(long iova, long pa, long length) {
    domain.map(iova, pa, length, READ_WRITE);
    List<Leaf> leaves = Leaf.of(domain, iova, iova + length - 1);
    long next = iova;
    for (Leaf leaf : leaves) {
      assertEquals(next, leaf.iova());
      assertEquals(next - iova + pa, leaf.oa());
      next += 1L << leaf.sizeLg2();
    }
    assertEquals(iova + length, next);
    assertEquals(length, domain.unmap(iova, length));
    return Leaf.sizes(leaves);
  }

  @Test
  void sizesGrowAndShrinkWithTheAlignment() {
    assertEquals(
        List.of(22, 23, 24, 31, 30, 22, 21), sizesOf(0x3fe400000L, 0x3fe400000L, 0xc2200000L));
  }

  @Test
  void theSameRangeWithThreePageSizes() {
    domain.narrowPageSizes(0x40201000L);
    List<Integer> sizes = sizesOf(0x3fe400000L, 0x3fe400000L, 0xc2200000L);
    assertEquals(20, sizes.size());
    assertEquals(14, sizes.indexOf(30));
    assertEquals(List.of(30, 30, 30, 21, 21, 21), sizes.subList(14, 20));
  }

  @Test
  void addressesThatNeverAgreeGetSmallPages() {
    assertEquals(Collections.nCopies(32, 12), sizesOf(0xfef80000L, 0x208b95d000L, 0x20000));
  }

  @Test
  void threePagesAroundABoundary() {
    domain.narrowPageSizes(0x40201000L);
    assertEquals(List.of(12, 12, 12), sizesOf(0x1fe000, 0x1fe000, 0x3000));
  }

  @Test
  void theLargestLeavesAndTheHoleAmongThem() {
    assertEquals(List.of(51), sizesOf(0, 1L << 51, 1L << 51));
    assertEquals(List.of(38, 38), sizesOf(1L << 39, 1L << 39, 1L << 39));
    assertEquals(List.of(40), sizesOf(1L << 40, 1L << 40, 1L << 40));
  }

  @Test
  void theTopOfTheSpaceDoesNotOverflow() {
    assertEquals(List.of(21), sizesOf(0xffff_ffff_ffe0_0000L, 0x200000, 0x200000));
    domain.map(-PAGE, 0, PAGE, READ);
    assertEquals(0xfff, domain.iovaToPhys(-1));
    assertEquals(0, domain.iovaToPhys(-PAGE), "address 0 is an address");
    assertEquals(PAGE, domain.unmap(-PAGE, PAGE));
    assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(-PAGE));
  }

  @Test
  void translationsKeepTheOffsetAndTellTheLeaf() {
    domain.map(0x200000, 0x40000000, 0x200000, READ);
    assertEquals(0x40012345, domain.iovaToPhys(0x212345));
    assertEquals(new Translation.Mapped(0x40012345, 21, 1, READ), domain.translate(0x212345));
    assertEquals(new Translation.NotMapped(1), domain.translate(0x1fffff));
    assertEquals(0x200000, domain.unmap(0x200000, PAGE));
  }

  @Test
  void addressesOutsideTheRootDoNotTranslate() {
    IommuDomain small = machine.amdv1();
    assertEquals(new Translation.OutOfRange(39), small.translate(1L << 39));
    assertEquals(IommuDomain.NO_TRANSLATION, small.iovaToPhys(1L << 39));
    assertEquals(IommuDomain.NO_TRANSLATION, small.iovaToPhys(-1));
    small.close();
  }

  @Test
  void theDriverHearsOfTheMappingAndNeedsNoInvalidation() {
    domain.map(0x3000, 0, 0x5000, READ);
    assertEquals(List.of(new Event.SyncMap(0x3000, 0x5000)), machine.driver().takeAll());
    domain.mapRange(0x10000, 0, 0x5000, READ);
    assertEquals(List.of(), machine.driver().takeAll(), "batches tell once, at their end");
  }

  @Test
  void aContiguousLeafIsOneLeaf() {
    domain.map(0x40000, 0x100000, 0x10000, READ);
    Translation.Mapped inside =
        assertInstanceOf(Translation.Mapped.class, domain.translate(0x45678));
    assertEquals(0x105678, inside.oa());
    assertEquals(16, inside.pageSizeLg2());
  }

  @Test
  void bothHalvesOfASignedTable() {
    domain.close();
    domain = machine.x86(c -> c.features(Feature.SIGN_EXTEND));
    domain.map(0xffff_8000_0000_0000L, 0x1000, PAGE, READ);
    domain.map(-PAGE, 0x2000, PAGE, READ);
    domain.map(0x7fff_ffff_f000L, 0x3000, PAGE, READ);
    assertEquals(0x1000, domain.iovaToPhys(0xffff_8000_0000_0000L));
    assertEquals(0x2fff, domain.iovaToPhys(-1));
    assertEquals(0x3000, domain.iovaToPhys(0x7fff_ffff_f000L));
    assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(0x8000_0000_0000L));
    assertEquals(PAGE, domain.unmap(-PAGE, PAGE));
    assertEquals(0, domain.unmap(0x7fff_ffff_f000L, 2 * PAGE), "it leaves the lower half");
  }
}
