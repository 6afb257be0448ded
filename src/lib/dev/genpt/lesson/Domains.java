package dev.genpt.lesson;

import dev.genpt.format.Amdv1;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.toy.ToyFormat;

/**
 * Empty domains, each on {@value #MEBIBYTES} MiB of simulated memory of its own, where its tables
 * lie.
 */
public final class Domains {
  /** Memory of each machine. */
  public static final int MEBIBYTES = 64;

  /** Level of a root that takes 39 address bits, where the Linux driver begins. */
  private static final int FIRST_ROOT = 2;

  private Domains() {}

  /** A domain in AMD's host format, as the Linux driver sets it up: its root may grow. */
  public static IommuDomain amdv1(String name) {
    return amdv1(name, FIRST_ROOT);
  }

  /**
   * The same with another first root.
   *
   * @param topLevel 1 to 5; a root of level n takes 21 + 9n address bits, one of level 5 all 64
   */
  public static IommuDomain amdv1(String name, int topLevel) {
    return IommuDomain.create(
        DomainConfig.of(Amdv1.DEFINITION, memory())
            .name(name)
            .features(Amdv1.DEFINITION.forcedFeatures())
            .topLevel(topLevel));
  }

  /** A domain whose tables fit on a sheet of paper: three levels of four items. */
  public static IommuDomain toy(String name) {
    return IommuDomain.create(DomainConfig.of(ToyFormat.DEFINITION, memory()).name(name));
  }

  private static PageAllocator memory() {
    return new PageAllocator(PhysicalMemory.ofMebibytes(MEBIBYTES));
  }
}
