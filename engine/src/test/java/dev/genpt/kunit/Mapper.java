package dev.genpt.kunit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.genpt.fixture.TableCensus;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Protection;
import dev.genpt.table.Range;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The steps that the cases of the operations are made of, each with its check (upstream: {@code
 * do_map}, {@code do_unmap}, {@code check_iova}, {@code count_valids}).
 */
final class Mapper {
  /** Smallest pages, lg2, that are left free before the first mapping. */
  static final int BASE_PAGES_LG2 = 8;

  private final KunitFixture fixture;
  private final IommuDomain domain;

  Mapper(KunitFixture fixture) {
    this.fixture = fixture;
    domain = fixture.domain();
  }

  /** One leaf of each size of a bitmap. */
  static Map<Integer, Long> oneOfEach(long bitmap) {
    Map<Integer, Long> leaves = new TreeMap<>();
    KunitFixture.sizes(bitmap).forEach(size -> leaves.put(size, 1L));
    return leaves;
  }

  /** Where the first mapping goes. */
  long base() {
    return Range.top(fixture.table()).va() + (fixture.smallest() << BASE_PAGES_LG2);
  }

  /** Maps {@code length} bytes to read and write. */
  void map(long va, long oa, long length) {
    domain.map(va, oa, length, Protection.READ_WRITE);
  }

  /** Unmaps {@code length} bytes, which must be just what goes. */
  void unmap(long va, long length) {
    unmapFrom(va, length, length);
  }

  /** Unmaps {@code length} bytes, of which {@code expected} must go. */
  void unmapFrom(long va, long length, long expected) {
    long unmapped = domain.unmap(va, length);
    if (unmapped != expected) {
      fail(
          "unmap of %#x bytes at %#x: %#x bytes went, expected %#x"
              .formatted(length, va, unmapped, expected));
    }
  }

  /** Checks the translation of the first byte of each smallest page of the range. */
  void checkTranslations(long va, long oa, long length) {
    long step = fixture.smallest();
    for (long done = 0; done < length; done += step) {
      long found = domain.iovaToPhys(va + done);
      if (found != oa + done) {
        fail(
            "%#x, in [%#x, %#x], translates to %s, expected %#x"
                .formatted(va + done, va, va + length - 1, outputText(found), oa + done));
      }
    }
  }

  private static String outputText(long oa) {
    return oa == IommuDomain.NO_TRANSLATION ? "nothing" : "%#x".formatted(oa);
  }

  /**
   * Checks that the table holds just these leaves.
   *
   * @param expected how many of each size, lg2; sizes that are missing must not be there
   */
  void assertLeaves(Map<Integer, Long> expected) {
    TableCensus census = TableCensus.of(domain.pageTable());
    Map<Integer, Long> found =
        IntStream.range(0, Long.SIZE)
            .boxed()
            .filter(size -> census.leaves(size) != 0)
            .collect(Collectors.toMap(size -> size, census::leaves, Long::sum, TreeMap::new));
    assertEquals(new TreeMap<>(expected), found, "leaves in the table, by lg2 of their size");
  }
}
