package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.fixture.Machine;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.kunit.KunitConfig;
import dev.genpt.kunit.KunitFormat;
import dev.genpt.kunit.KunitFormats;
import dev.genpt.table.Build;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTableFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/** A format in one of the configurations that the kunit suites run on. */
record ExampleFormat(KunitFormat tested, KunitConfig config) {
  /** Every configuration of every format. */
  static List<ExampleFormat> all() {
    return KunitFormats.ALL.stream()
        .flatMap(
            tested -> tested.configs().stream().map(config -> new ExampleFormat(tested, config)))
        .toList();
  }

  /** Those whose format {@code condition} holds for. */
  static Stream<ExampleFormat> where(Predicate<PageTableFormat> condition) {
    return all().stream().filter(example -> condition.test(example.format()));
  }

  /** The first configuration of the format of that name. */
  static ExampleFormat of(String name) {
    return all().stream()
        .filter(example -> example.tested.definition().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** An empty domain, on hardware that snoops. */
  IommuDomain domain(Machine machine) {
    int features = tested.features(config) & ~Feature.DMA_INCOHERENT.mask();
    return machine.domain(
        tested.definition(),
        domain ->
            domain
                .build(Build.DEBUG)
                .features(features)
                .widths(tested.vaLg2(config), tested.definition().geometry().maxOaLg2())
                .topLevel(config.topLevel()));
  }

  /** Maps the range, widened to whole pages of the domain where those are larger. */
  static void map(IommuDomain domain, long iova, long pa, long size, int protection) {
    int pageLg2 = Log2.ffs(domain.pageSizeBitmap());
    domain.map(
        Log2.alignDown(iova, pageLg2),
        Log2.alignDown(pa, pageLg2),
        Log2.alignUp(size, pageLg2),
        protection);
  }

  /** The format, configured for that domain. */
  PageTableFormat format() {
    try (IommuDomain domain = domain(new Machine(1))) {
      return domain.pageTable().format();
    }
  }

  @Override
  public String toString() {
    return tested.parameter(tested.configs().indexOf(config));
  }

  /** Any of them. */
  static final class Any implements ArbitrarySupplier<ExampleFormat> {
    @Override
    public Arbitrary<ExampleFormat> get() {
      return Arbitraries.of(all());
    }
  }
}
