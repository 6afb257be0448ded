package dev.genpt.benchmark;

import dev.genpt.format.Amdv1;
import dev.genpt.format.Riscv;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.format.X86_64;
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
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How many pages of tables one GiB takes in 4K entries: counted, on each engine of a format.
 *
 * @param format name of the format
 * @param engine {@code new}, {@code old}, or {@code bare tables}: as many as the addresses need
 * @param pages pages of 4 KiB
 */
public record TableMemory(String format, String engine, int pages) {
  private static final String BARE = "bare tables";
  private static final long GIBIBYTE = 1L << 30;
  private static final long IOVA = GIBIBYTE;

  /** An output address that no page of more than 4K can have together with {@link #IOVA}. */
  private static final long PA = GIBIBYTE | 0x1000;

  private static final int MEBIBYTES = 16;
  private static final int TOP_LEVEL = 2;

  /** A format: its domain, and the engine before it. */
  private record Subject(
      Function<PageAllocator, DomainConfig> domain,
      Optional<Function<PageAllocator, IoPageTable>> old) {}

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject(
              pages ->
                  DomainConfig.of(Amdv1.DEFINITION, pages)
                      .features(Amdv1.DEFINITION.forcedFeatures())
                      .topLevel(TOP_LEVEL),
              Optional.of(pages -> new AmdV1IoPageTable(pages, LegacyDriver.NONE))),
          new Subject(
              pages -> DomainConfig.of(X86_64.DEFINITION, pages).widths(48, 52).topLevel(3),
              Optional.of(pages -> new AmdV2IoPageTable(pages, LegacyDriver.NONE, 3))),
          new Subject(
              pages -> DomainConfig.of(VtdSecondStage.DEFINITION, pages).widths(48, 52).topLevel(3),
              Optional.of(pages -> new VtdIoPageTable(pages, LegacyDriver.NONE, 48, true, true))),
          new Subject(
              pages -> DomainConfig.of(Riscv.DEFINITION, pages).widths(48, 56), Optional.empty()));

  /** Maps the GiB with each engine of every format, and counts. */
  public static List<TableMemory> count() {
    return SUBJECTS.stream().<TableMemory>mapMulti(TableMemory::count).toList();
  }

  /** Whether an engine holds the pages; the bare tables are only computed. */
  boolean isEngine() {
    return !engine.equals(BARE);
  }

  private static void count(Subject subject, Consumer<TableMemory> counted) {
    PageAllocator pages = memory();
    try (IommuDomain domain = IommuDomain.create(subject.domain.apply(pages))) {
      domain.map(IOVA, PA, GIBIBYTE, Protection.READ_WRITE);
      String format = domain.pageTable().format().definition().name();
      counted.accept(new TableMemory(format, "new", pages.liveBlocks()));
      subject.old.ifPresent(old -> counted.accept(new TableMemory(format, "old", ofOld(old))));
      int bare = bareTables(domain.pageTable().format(), domain.topLevel());
      counted.accept(new TableMemory(format, BARE, bare));
    }
  }

  private static int ofOld(Function<PageAllocator, IoPageTable> old) {
    PageAllocator pages = memory();
    try (LegacyDomain domain = new LegacyDomain(old.apply(pages))) {
      domain.map(IOVA, PA, GIBIBYTE, Protection.READ_WRITE);
      return pages.liveBlocks();
    }
  }

  private static PageAllocator memory() {
    return new PageAllocator(PhysicalMemory.ofMebibytes(MEBIBYTES));
  }

  /** Tables of every level that the addresses pass through; the root is one. */
  private static int bareTables(PageTableFormat format, int topLevel) {
    int tables = 1;
    for (int level = 0; level < topLevel; level++) {
      int spanLg2 = format.itemSizeLg2(level + 1);
      tables += (int) (((IOVA + GIBIBYTE - 1) >>> spanLg2) - (IOVA >>> spanLg2)) + 1;
    }
    return tables;
  }
}
