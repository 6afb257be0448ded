package dev.genpt.kunit;

import static org.junit.jupiter.api.Assertions.fail;

import dev.genpt.bits.Log2;
import dev.genpt.fixture.ReachableTables;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Build;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.opentest4j.TestAbortedException;

/**
 * What one run of a case stands on: a domain of one configuration on a machine of its own, without
 * hardware behind it.
 *
 * <p>Source: the fixtures of upstream's {@code kunit_generic_pt.h} and {@code kunit_iommu_pt.h}.
 */
final class KunitFixture implements AutoCloseable {
  /** The tables of 8 GiB in pages of 2 KiB, the most that a case maps, take a quarter of it. */
  private static final int MEMORY_MEBIBYTES = 128;

  private static final long TEST_OA = 0x74a7_1445_dead_beefL;

  private final KunitFormat format;
  private final KunitConfig config;
  private final RandomGenerator random;
  private final PageAllocator pages =
      new PageAllocator(PhysicalMemory.ofMebibytes(MEMORY_MEBIBYTES));
  private final IommuDomain domain;

  KunitFixture(KunitFormat format, KunitConfig config, RandomGenerator random) {
    this.format = format;
    this.config = config;
    this.random = random;
    domain =
        IommuDomain.create(
            DomainConfig.of(format.definition(), pages)
                .build(Build.DEBUG)
                .features(format.features(config))
                .widths(format.vaLg2(config), format.definition().geometry().maxOaLg2())
                .topLevel(config.topLevel())
                .flusher((pa, bytes) -> {}));
  }

  /** Skips the run unless {@code condition} holds. */
  static void skipUnless(boolean condition, String reason) {
    if (!condition) {
      throw new TestAbortedException(reason);
    }
  }

  /** Compares addresses, or other words that people read in hexadecimal. */
  static void assertHex(long expected, long actual, String what) {
    if (expected != actual) {
      fail("%s: expected %#x, found %#x".formatted(what, expected, actual));
    }
  }

  KunitFormat format() {
    return format;
  }

  KunitConfig config() {
    return config;
  }

  RandomGenerator random() {
    return random;
  }

  IommuDomain domain() {
    return domain;
  }

  PageTable table() {
    return domain.pageTable();
  }

  PageTableFormat words() {
    return table().format();
  }

  boolean has(Feature feature) {
    return table().has(feature);
  }

  /** Sizes of leaves, bit n for 2^n bytes. */
  long pageSizes() {
    return domain.pageSizeBitmap();
  }

  /** The sizes of a bitmap, lg2, ascending. */
  static Iterable<Integer> sizes(long bitmap) {
    return IntStream.range(0, Long.SIZE).filter(bit -> (bitmap >>> bit & 1) != 0)::iterator;
  }

  int smallestLg2() {
    return Log2.ffs(pageSizes());
  }

  long smallest() {
    return Log2.toValue(smallestLg2());
  }

  int largestLg2() {
    return Log2.fls(pageSizes()) - 1;
  }

  /** An output address with bits set all over it, a multiple of 2^{@code sizeLg2}. */
  long testOa(int sizeLg2) {
    return Log2.alignDown(Log2.mod(TEST_OA, table().maxOaLg2()), sizeLg2);
  }

  /**
   * Checks that each table which the domain holds can be reached from its root, so none is lost.
   */
  void assertNoTableLost() {
    ReachableTables.assertAllHeld(domain);
  }

  /** Closes the domain; nothing may be held afterwards. */
  @Override
  public void close() {
    domain.close();
    pages.checkNoLeaks();
  }
}
