package dev.genpt.kunit;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One suite of one format.
 *
 * @param name upstream's name
 * @param format what it runs on
 * @param cases its cases, in upstream's order
 */
record KunitSuite(String name, KunitFormat format, List<KunitCase> cases) {
  /** The suites of {@code format}: its entries, and the operations over it. */
  static Stream<KunitSuite> of(KunitFormat format) {
    return Stream.of(
        new KunitSuite(format.prefix() + "_fmt_test", format, FormatCases.of(format.sample())),
        new KunitSuite(format.prefix() + "_iommu_test", format, IommuCases.all()));
  }

  /** Every case with every configuration, case by case. */
  Stream<KunitRun> runs() {
    return cases.stream().flatMap(this::runsOf);
  }

  /** One case with every configuration. */
  Stream<KunitRun> runsOf(KunitCase kunitCase) {
    return IntStream.range(0, format.configs().size())
        .mapToObj(index -> new KunitRun(this, kunitCase, index));
  }
}
