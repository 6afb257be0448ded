package dev.genpt.bench;

import dev.genpt.format.Amdv1;
import dev.genpt.format.Formats;
import dev.genpt.format.Riscv;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.legacy.AmdV1IoPageTable;
import dev.genpt.legacy.AmdV2IoPageTable;
import dev.genpt.legacy.IoPageTable;
import dev.genpt.legacy.LegacyDomain;
import dev.genpt.legacy.LegacyDriver;
import dev.genpt.legacy.VtdIoPageTable;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A format that is measured: its domain as the format's driver asks for it, and the old engine.
 *
 * @param name the format's name
 * @param configure fills in what the driver asks for
 * @param old the engine that Linux had before; none or one
 */
record BenchFormat(String name, UnaryOperator<DomainConfig> configure, List<OldEngine> old) {
  private static final int MEBIBYTES = 64;

  /** Every format that is measured. */
  static final List<BenchFormat> ALL =
      List.of(
          new BenchFormat(
              "amdv1",
              config ->
                  config
                      .features(Amdv1.DEFINITION.forcedFeatures() | Feature.FLUSH_RANGE.mask())
                      .topLevel(2),
              List.of(AmdV1IoPageTable::new)),
          new BenchFormat(
              "x86_64",
              config ->
                  config
                      .features(Feature.SIGN_EXTEND, Feature.FLUSH_RANGE)
                      .widths(48, 52)
                      .topLevel(3),
              List.of((pages, driver) -> new AmdV2IoPageTable(pages, driver, 3))),
          new BenchFormat(
              "vtdss",
              config -> config.features(Feature.FLUSH_RANGE).widths(48, 52).topLevel(3),
              List.of((pages, driver) -> new VtdIoPageTable(pages, driver, 48, true, true))),
          new BenchFormat(
              "riscv64",
              config ->
                  config
                      .features(Feature.SIGN_EXTEND, Feature.FLUSH_RANGE, Riscv.SVNAPOT_64K)
                      .widths(48, 56),
              List.of()));

  /** Makes an old engine. */
  @FunctionalInterface
  interface OldEngine {
    /** An engine whose tables come from {@code pages}. */
    IoPageTable open(PageAllocator pages, LegacyDriver driver);
  }

  /** The format of that name. */
  static BenchFormat byName(String name) {
    return ALL.stream()
        .filter(format -> format.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("format " + name + " is not measured"));
  }

  /** Memory for the tables of one case. */
  static PageAllocator newPages() {
    return new PageAllocator(PhysicalMemory.ofMebibytes(MEBIBYTES));
  }

  /** An empty domain of the generic page table. */
  IommuDomain newDomain(PageAllocator pages, CountingDriver driver) {
    DomainConfig config =
        DomainConfig.of(Formats.byName(name), pages).driver(driver).topDriver(driver);
    return IommuDomain.create(configure.apply(config));
  }

  /** An empty domain of the old engine, which must be there. */
  LegacyDomain oldDomain(PageAllocator pages, CountingDriver driver) {
    return new LegacyDomain(old.getFirst().open(pages, driver.legacy()));
  }

  /** Page sizes of the old engine, as a bitmap; 0 without one. */
  long oldPageSizes() {
    return old.isEmpty() ? 0 : oldDomain(newPages(), new CountingDriver()).pageSizeBitmap();
  }

  /** Page sizes, as a bitmap. */
  long pageSizes() {
    return sample().pageSizeBitmap();
  }

  boolean supportsDirty() {
    return sample().pageTable().format().supportsDirty();
  }

  /** Level of the tables that hold entries of a size. */
  int levelOfSize(int pageSizeLg2) {
    return sample().pageTable().levelOfSize(pageSizeLg2);
  }

  /** Input address bytes of an item of a level, lg2. */
  int itemSizeLg2(int level) {
    return sample().pageTable().format().itemSizeLg2(level);
  }

  /** Whether the root grows with the addresses. */
  boolean grows() {
    return sample().pageTable().has(Feature.DYNAMIC_TOP);
  }

  /** Level of the root of an empty domain. */
  int firstTopLevel() {
    return sample().topLevel();
  }

  /** Level of the root that reaches {@code iova}. */
  int topLevelFor(long iova) {
    int level = firstTopLevel();
    while (iova >>> itemSizeLg2(level + 1) != 0) {
      level++;
    }
    return level;
  }

  private IommuDomain sample() {
    return newDomain(newPages(), new CountingDriver());
  }
}
