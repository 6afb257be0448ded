package dev.genpt.lesson;

import dev.genpt.benchmark.Drawing;
import dev.genpt.benchmark.Points;
import dev.genpt.format.Amdv1;
import dev.genpt.format.VtdSecondStage;
import dev.genpt.format.X86_64;
import dev.genpt.inspect.ForeignTable;
import dev.genpt.inspect.TableLeaves;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.legacy.AmdV1IoPageTable;
import dev.genpt.legacy.AmdV2IoPageTable;
import dev.genpt.legacy.IoPageTable;
import dev.genpt.legacy.LegacyDomain;
import dev.genpt.legacy.LegacyDriver;
import dev.genpt.legacy.VtdIoPageTable;
import dev.genpt.lesson.EnginePath.Step;
import dev.genpt.lesson.ObservedMemory.Kind;
import dev.genpt.memory.PageAllocator;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A domain twice: on the engine that Linux had before (old), and on the generic page table (new).
 * The same is done to both, each on memory that notes every access. One page is mapped from the
 * start, at {@code 0x40200000}, so that the tables for its neighbours are there.
 *
 * <p>For one thread.
 */
public final class TwoEngines {
  private static final long PAGE = 0x1000;
  private static final long MAPPED = 0x4020_0000L;
  private static final int WIDTH = 48;
  private static final int SHOWN = 60;

  private final String format;
  private final ObservedMemory oldMemory = new ObservedMemory();
  private final ObservedMemory newMemory = new ObservedMemory();
  private final LegacyDomain oldDomain;
  private final IommuDomain newDomain;
  private String latest;
  private EnginePath oldPath;
  private EnginePath newPath;

  private TwoEngines(String format) {
    this.format = format;
    oldDomain = new LegacyDomain(oldEngine(format, new PageAllocator(oldMemory)));
    newDomain = IommuDomain.create(newEngine(format, new PageAllocator(newMemory)));
    latest = "";
    oldPath = EnginePath.NONE;
    newPath = EnginePath.NONE;
    map(MAPPED, 0, PAGE);
  }

  /**
   * Both engines of a format.
   *
   * @param format {@code amdv1}, {@code x86_64} or {@code vtdss}
   * @throws IllegalArgumentException for any other
   */
  public static TwoEngines of(String format) {
    return new TwoEngines(format);
  }

  private static IoPageTable oldEngine(String format, PageAllocator pages) {
    return switch (format) {
      case "amdv1" -> new AmdV1IoPageTable(pages, LegacyDriver.NONE);
      case "x86_64" -> new AmdV2IoPageTable(pages, LegacyDriver.NONE, 3);
      case "vtdss" -> new VtdIoPageTable(pages, LegacyDriver.NONE, WIDTH, true, true);
      default ->
          throw new IllegalArgumentException(
              "format \"%s\": there are old engines of amdv1, x86_64 and vtdss".formatted(format));
    };
  }

  private static DomainConfig newEngine(String format, PageAllocator pages) {
    return switch (format) {
      case "amdv1" ->
          DomainConfig.of(Amdv1.DEFINITION, pages)
              .features(Amdv1.DEFINITION.forcedFeatures())
              .topLevel(2);
      case "x86_64" -> DomainConfig.of(X86_64.DEFINITION, pages).widths(WIDTH, 52).topLevel(3);
      default ->
          DomainConfig.of(VtdSecondStage.DEFINITION, pages)
              .features(Feature.FLUSH_RANGE)
              .widths(WIDTH, 52)
              .topLevel(3);
    };
  }

  /** Maps on both, for reading and writing. */
  public void map(long iova, long pa, long length) {
    onBoth(
        "map",
        length,
        () -> oldDomain.map(iova, pa, length, Protection.READ_WRITE),
        () -> newDomain.map(iova, pa, length, Protection.READ_WRITE));
  }

  /** Unmaps on both. */
  public void unmap(long iova, long length) {
    onBoth(
        "unmap", length, () -> oldDomain.unmap(iova, length), () -> newDomain.unmap(iova, length));
  }

  private void onBoth(String operation, long length, Runnable old, Runnable generic) {
    latest = "%s, %s of %d pages".formatted(format, operation, length / PAGE);
    oldPath = EnginePath.of(oldMemory, oldTable(), old);
    newPath = EnginePath.of(newMemory, newDomain.pageTable(), generic);
  }

  private PageTable oldTable() {
    IoPageTable engine = oldDomain.engine();
    PageTable generic = newDomain.pageTable();
    return ForeignTable.open(
        generic.format().definition(),
        oldMemory,
        engine.root(),
        engine.topLevel(),
        generic.maxVaLg2(),
        generic.has(Feature.DYNAMIC_TOP) ? new Feature[] {Feature.DYNAMIC_TOP} : new Feature[0]);
  }

  /** The whole table of the generic page table, to be looked at. */
  public IommuDomain domain() {
    return newDomain;
  }

  /** How often the old engine read a table above the lowest in the last operation. */
  public long oldReadsOnTheWayDown() {
    return oldPath.readsOnTheWayDown();
  }

  /** How often the generic page table did. */
  public long newReadsOnTheWayDown() {
    return newPath.readsOnTheWayDown();
  }

  /** True if every leaf of both tables has the same address, size and word. */
  public boolean haveSameLeaves() {
    return leafWords(oldTable()).equals(leafWords(newDomain.pageTable()));
  }

  private static List<String> leafWords(PageTable table) {
    return TableLeaves.of(table).leaves().stream()
        .map(leaf -> "%#x %d %#x".formatted(leaf.iova(), leaf.sizeLg2(), leaf.item().word()))
        .toList();
  }

  /** What the last operation cost each engine: a row an engine, counted in accesses. */
  public Table costs() {
    List<EnginePath> paths = List.of(oldPath, newPath);
    return Table.create(
        latest,
        StringColumn.create("engine", "old", "new"),
        LongColumn.create(
            "reads on the way down",
            paths.stream().mapToLong(EnginePath::readsOnTheWayDown).toArray()),
        atTheBottom("items read one by one", Kind.READ),
        atTheBottom("items written one by one", Kind.WRITE),
        atTheBottom("loops over all items", Kind.RUN));
  }

  private LongColumn atTheBottom(String title, Kind kind) {
    return LongColumn.create(
        title, Stream.of(oldPath, newPath).mapToLong(path -> path.atTheBottom(kind)).toArray());
  }

  /** The way of each engine through the levels in the last operation, access by access. */
  public XYChart way() {
    Points points = new Points();
    addWay(points, "old", oldPath);
    addWay(points, "new", newPath);
    return Drawing.lines(
        points.lines("access number", "level of the table"),
        "%s: the old engine makes %d accesses, the new one %d"
            .formatted(latest, oldPath.steps().size(), newPath.steps().size()),
        TwoEngines::whole,
        TwoEngines::whole);
  }

  private static void addWay(Points points, String engine, EnginePath path) {
    List<Step> steps = path.steps();
    for (int i = 0; i < Math.min(steps.size(), SHOWN); i++) {
      points.add(engine, i + 1, steps.get(i).level());
    }
  }

  private static String whole(double number) {
    return number == Math.rint(number) ? String.format(Locale.ROOT, "%.0f", number) : "";
  }
}
