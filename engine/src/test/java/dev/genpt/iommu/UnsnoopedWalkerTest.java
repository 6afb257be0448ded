package dev.genpt.iommu;

import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.Machine;
import dev.genpt.fixture.UnsnoopedWalker;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.format.X86_64;
import dev.genpt.table.Build;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hardware that does not snoop sees what every map and unmap did by the time it returns, and the
 * new root by the time it is switched to it.
 */
final class UnsnoopedWalkerTest {
  private static final long PAGE = 0x1000;
  private static final int OPERATIONS = 4_000;

  private final Machine machine = new Machine();
  private final UnsnoopedWalker walker = new UnsnoopedWalker(machine.memory());

  static List<FormatDefinition> formats() {
    return List.of(X86_64.DEFINITION, VtdSecondStage.DEFINITION);
  }

  /** Maps and unmaps at random, over 16 MiB where leaves of 4K and 2M meet. */
  @ParameterizedTest
  @MethodSource("formats")
  void itSeesEveryMapAndUnmap(FormatDefinition format) {
    IommuDomain domain =
        machine.domain(
            format,
            c ->
                c.topLevel(3)
                    .widths(48, 52)
                    .features(Feature.DMA_INCOHERENT)
                    .flusher(walker)
                    .topDriver(walker));
    walker.attach(domain.pageTable());
    SplittableRandom random = new SplittableRandom(format.name().hashCode());
    for (int i = 0; i < OPERATIONS; i++) {
      long size = random.nextInt(3) == 0 ? 0x20_0000 : PAGE << random.nextInt(4);
      long iova = random.nextLong(0x100_0000 / size) * size;
      if (random.nextBoolean()) {
        domain.unmap(iova, size);
      } else {
        mapIfFree(domain, iova, iova + 0x4000_0000L, size);
      }
      for (long at = iova & -0x20_0000L; at < (iova & -0x20_0000L) + 0x20_0000; at += 8 * PAGE) {
        assertEquals(domain.iovaToPhys(at), walker.translate(at), "operation " + i);
      }
    }
    assertSameEverywhere(domain);
    machine.closeAndCheck(domain);
  }

  /** Both features together, which no shipped format has in production. */
  @Test
  void itSeesTheOldTreeBelowANewRoot() {
    IommuDomain domain =
        machine.domain(
            VtdSecondStage.DEFINITION,
            c ->
                c.build(Build.DEBUG)
                    .topLevel(2)
                    .features(Feature.DMA_INCOHERENT, Feature.DYNAMIC_TOP)
                    .flusher(walker)
                    .topDriver(walker));
    walker.attach(domain.pageTable());
    domain.map(0, 0x1234_5000L, PAGE, READ_WRITE);
    walker.onChange(() -> assertEquals(0x1234_5000L, walker.translate(0)));
    domain.map(1L << 56, 0x5000, PAGE, READ_WRITE);
    assertEquals(4, domain.topLevel());
    assertEquals(0x1234_5000L, walker.translate(0));
    assertEquals(0x5000, walker.translate(1L << 56));
    machine.closeAndCheck(domain);
  }

  private static void mapIfFree(IommuDomain domain, long iova, long pa, long size) {
    try {
      domain.map(iova, pa, size, READ_WRITE);
    } catch (IommuException e) {
      assertEquals(Errno.EADDRINUSE, e.errno());
    }
  }

  private void assertSameEverywhere(IommuDomain domain) {
    int mapped = 0;
    for (long at = 0; at < 0x100_0000; at += PAGE) {
      assertEquals(domain.iovaToPhys(at), walker.translate(at));
      mapped += walker.translate(at) == UnsnoopedWalker.NONE ? 0 : 1;
    }
    assertNotEquals(0, mapped);
  }
}
