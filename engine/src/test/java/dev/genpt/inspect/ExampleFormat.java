package dev.genpt.inspect;

import dev.genpt.fixture.Machine;
import dev.genpt.format.Amdv1Mock;
import dev.genpt.format.Riscv;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTableFormat;

/** The five formats, each as a driver would ask for it. */
enum ExampleFormat {
  AMDV1 {
    @Override
    IommuDomain domain(Machine machine) {
      return machine.amdv1();
    }
  },
  MOCK {
    @Override
    IommuDomain domain(Machine machine) {
      return machine.domain(Amdv1Mock.DEFINITION, config -> config.topLevel(3).widths(47, 51));
    }
  },
  X86_64_SIGNED {
    @Override
    IommuDomain domain(Machine machine) {
      return machine.x86(config -> config.features(Feature.SIGN_EXTEND));
    }
  },
  VTDSS {
    @Override
    IommuDomain domain(Machine machine) {
      return machine.domain(
          VtdSecondStage.DEFINITION,
          config -> config.topLevel(3).widths(48, 52).features(VtdSecondStage.FORCE_COHERENCE));
    }
  },
  RISCV64 {
    @Override
    IommuDomain domain(Machine machine) {
      return machine.domain(
          Riscv.DEFINITION,
          config -> config.widths(48, 56).features(Feature.SIGN_EXTEND, Riscv.SVNAPOT_64K));
    }
  };

  /** An empty domain. */
  abstract IommuDomain domain(Machine machine);

  /** The format, configured for that domain. */
  PageTableFormat format() {
    try (IommuDomain domain = domain(new Machine(1))) {
      return domain.pageTable().format();
    }
  }
}
