package dev.genpt.vectors;

import dev.genpt.fixture.Machine;
import dev.genpt.format.Amdv1;
import dev.genpt.format.X86_64;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Feature;

/** Domains and situations for the tests of the rules. */
final class RuleFixture {
  static final Gather UNTOUCHED = Gather.UNTOUCHED;

  private RuleFixture() {}

  /** A static x86_64 table of 48 bits with these features. */
  static IommuDomain x86(Feature... features) {
    return new Machine()
        .domain(X86_64.DEFINITION, config -> config.widths(48, 52).topLevel(3).features(features));
  }

  /** A growing AMDv1 table of these output address bits. */
  static IommuDomain amdv1(int oaLg2) {
    return new Machine().domain(Amdv1.DEFINITION, config -> grown(config, oaLg2));
  }

  private static DomainConfig grown(DomainConfig config, int oaLg2) {
    return config
        .widths(64, oaLg2)
        .topLevel(2)
        .features(Amdv1.DEFINITION.forcedFeatures() | Feature.FLUSH_RANGE.mask());
  }

  /** Before {@code operation} on {@code domain}, both long-lived gathers as given. */
  static Situation before(Operation operation, IommuDomain domain, Gather recorded, Gather due) {
    return new Situation(
        operation,
        domain.pageTable(),
        recorded,
        due,
        domain.topLevel(),
        domain.owner().liveBlocks());
  }

  /** Before {@code operation} on {@code domain}, nothing gathered. */
  static Situation before(Operation operation, IommuDomain domain) {
    return before(operation, domain, UNTOUCHED, UNTOUCHED);
  }
}
