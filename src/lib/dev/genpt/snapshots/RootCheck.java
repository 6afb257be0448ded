package dev.genpt.snapshots;

import dev.genpt.error.IommuException;
import dev.genpt.format.Riscv;
import dev.genpt.inspect.ByteSize;
import dev.genpt.inspect.ForeignTable;
import dev.genpt.inspect.TableLeaves;
import dev.genpt.inspect.TableLeaves.Flaw;
import dev.genpt.inspect.TableLeaves.Leaf;
import dev.genpt.inspect.TableLookup;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.snapshots.AmdDeviceTable.HostTable;
import dev.genpt.snapshots.AmdDeviceTable.NoTable;
import dev.genpt.snapshots.Snapshot.ExpectedFault;
import dev.genpt.snapshots.Snapshot.ExpectedLeaf;
import dev.genpt.snapshots.Snapshot.Root;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.PageTable;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares one table with its rows. Not thread-safe; one a root. */
final class RootCheck {
  /** Reasons for a fault that leave no room for a mapping, whatever it allows. */
  private static final Set<String> NOTHING_THERE = Set.of("not mapped", "beyond the table");

  private final Root root;
  private final PhysicalMemory memory;
  private final List<ExpectedLeaf> rows;
  private final List<ExpectedFault> faults;
  private final Optional<Root> sharer;
  private final List<String> problems = new ArrayList<>();

  RootCheck(Snapshot snapshot, Root root, PhysicalMemory memory) {
    this.root = root;
    this.memory = memory;
    rows = snapshot.leavesOf(root);
    faults = snapshot.faultsOf(root);
    sharer = root.sharesTableWith().flatMap(snapshot::rootOf);
  }

  int rows() {
    return rows.size();
  }

  int faults() {
    return faults.size();
  }

  /** What is not as it must be. */
  List<String> problems(FormatDefinition format, Optional<AmdDeviceTable> deviceTable) {
    checkLevelsAndSharer();
    deviceTable.ifPresent(this::checkDeviceTable);
    try {
      checkTable(open(format));
    } catch (IommuException e) {
      problems.add("%s: %s".formatted(root.place(), e.rule()));
    }
    return problems;
  }

  /** What the row says of itself must agree. */
  private void checkLevelsAndSharer() {
    checkLevels("mode", root.mode());
    checkLevels("levels", root.levels());
    sharer
        .filter(other -> other.topPa() != root.topPa() || other.topLevel() != root.topLevel())
        .ifPresent(other ->
            problems.add(
                "%s: the table at %#x of level %d is not that of %s, at %#x of level %d"
                    .formatted(
                        root.place(),
                        root.topPa(),
                        root.topLevel(),
                        other.device(),
                        other.topPa(),
                        other.topLevel())));
  }

  private void checkLevels(String key, OptionalInt levels) {
    if (levels.isPresent() && levels.getAsInt() != root.topLevel() + 1) {
      problems.add(
          "%s: %s %d does not go with top_level %d"
              .formatted(root.place(), key, levels.getAsInt(), root.topLevel()));
    }
  }

  private void checkDeviceTable(AmdDeviceTable deviceTable) {
    OptionalInt id = AmdDeviceTable.idOf(root.device());
    if (id.isEmpty()) {
      problems.add(
          "%s.device: \"%s\" is no bus:device.function".formatted(root.place(), root.device()));
      return;
    }
    switch (deviceTable.entry(id.getAsInt())) {
      case NoTable none ->
          problems.add(
              "the registers lead to no table of %s: %s".formatted(root.device(), none.why()));
      case HostTable found -> compareWith(found);
    }
  }

  private void compareWith(HostTable found) {
    compare("root", found.root(), root.topPa());
    compare("Mode", found.mode(), root.topLevel() + 1);
    root.domainId().ifPresent(id -> compare("DomainID", found.domainId(), id));
    for (int i = 0; i < root.dte().size() && i < found.words().size(); i++) {
      compare("word %d".formatted(i), found.words().get(i), root.dte().get(i));
    }
  }

  private void compare(String what, long found, long expected) {
    if (found != expected) {
      problems.add(
          "the device-table entry of %s has %s %#x, %s says %#x"
              .formatted(root.device(), what, found, root.place(), expected));
    }
  }

  private PageTable open(FormatDefinition format) {
    int width = root.vaBits().orElseGet(() -> ForeignTable.fullWidthLg2(format, root.topLevel()));
    return ForeignTable.open(
        format, memory, root.topPa(), root.topLevel(), width, featuresOf(format.name()));
  }

  /** What kernels have on where hardware walks a table of the format. */
  private static Feature[] featuresOf(String format) {
    return switch (format) {
      case "amdv1", "mock" -> new Feature[] {Feature.DYNAMIC_TOP};
      case "x86_64" -> new Feature[] {Feature.SIGN_EXTEND};
      case "riscv64" -> new Feature[] {Feature.SIGN_EXTEND, Riscv.SVNAPOT_64K};
      default -> new Feature[0];
    };
  }

  private void checkTable(PageTable table) {
    TableLeaves read = TableLeaves.of(table);
    for (Flaw flaw : read.flaws()) {
      problems.add("iova %#x: %s (%s)".formatted(flaw.iova(), flaw.reason(), flaw.item()));
    }
    Map<Long, Leaf> unexpected = new LinkedHashMap<>();
    read.leaves().forEach(leaf -> unexpected.put(leaf.iova(), leaf));
    Map<Long, ExpectedLeaf> met = new LinkedHashMap<>();
    for (ExpectedLeaf row : rows) {
      @Nullable ExpectedLeaf before = met.putIfAbsent(row.iova(), row);
      if (before == null) {
        checkRow(row, Optional.ofNullable(unexpected.remove(row.iova())), table);
      } else {
        problems.add(
            "%s: iova %#x has a row already, %s"
                .formatted(row.place(), row.iova(), before.place()));
      }
    }
    for (Leaf leaf : unexpected.values()) {
      problems.add(
          "iova %#x: no row of expect has this %s leaf to %#x, %s (%s)"
              .formatted(
                  leaf.iova(),
                  ByteSize.ofLg2(leaf.sizeLg2()),
                  leaf.outputAddress(),
                  Protection.describe(leaf.protection()),
                  leaf.item()));
    }
    for (ExpectedFault fault : faults) {
      checkFault(fault, TableLookup.of(table, fault.iova()));
    }
  }

  /** Compares a row with the leaf that the listing has there, then with three translations. */
  private void checkRow(ExpectedLeaf row, Optional<Leaf> listed, PageTable table) {
    if (listed.isEmpty()) {
      problems.add(
          "%s: iova %#x: no leaf begins there; %s"
              .formatted(row.place(), row.iova(), told(TableLookup.of(table, row.iova()))));
      return;
    }
    Leaf leaf = listed.get();
    List<String> differences = new ArrayList<>();
    differ(differences, "output address", leaf.outputAddress(), row.pa());
    if (leaf.sizeLg2() != row.sizeLg2()) {
      differences.add(
          "%s, expected %s"
              .formatted(ByteSize.ofLg2(leaf.sizeLg2()), ByteSize.ofLg2(row.sizeLg2())));
    }
    if (permissions(leaf.protection()) != permissions(row)) {
      differences.add(
          "protection %s, expected %s"
              .formatted(
                  Protection.describe(permissions(leaf.protection())),
                  Protection.describe(permissions(row))));
    }
    if (leaf.item().level() != row.level()) {
      differences.add("level %d, expected %d".formatted(leaf.item().level(), row.level()));
    }
    differ(differences, "word", leaf.item().word(), row.word());
    if (!differences.isEmpty()) {
      problems.add(
          "%s: iova %#x: %s (%s)"
              .formatted(row.place(), row.iova(), String.join("; ", differences), leaf.item()));
      return;
    }
    long size = 1L << row.sizeLg2();
    for (long offset : new long[] {0, size / 2, size - 1}) {
      checkTranslation(row, offset, TableLookup.of(table, row.iova() + offset));
    }
  }

  private static void differ(List<String> differences, String what, long found, long expected) {
    if (found != expected) {
      differences.add("%s %#x, expected %#x".formatted(what, found, expected));
    }
  }

  private static int permissions(int protection) {
    return protection & Protection.READ_WRITE;
  }

  private static int permissions(ExpectedLeaf row) {
    return (row.read() ? Protection.READ : 0) | (row.write() ? Protection.WRITE : 0);
  }

  private void checkTranslation(ExpectedLeaf row, long offset, TableLookup found) {
    boolean same =
        found instanceof TableLookup.Mapped mapped
            && mapped.outputAddress() == row.pa() + offset
            && mapped.leaf().sizeLg2() == row.sizeLg2()
            && permissions(mapped.leaf().protection()) == permissions(row);
    if (!same) {
      problems.add(
          "%s: iova %#x, translated by itself, does not go to %#x: %s"
              .formatted(row.place(), row.iova() + offset, row.pa() + offset, told(found)));
    }
  }

  private void checkFault(ExpectedFault fault, TableLookup found) {
    boolean faults =
        switch (found) {
          case TableLookup.NotMapped _, TableLookup.OutOfRange _ -> true;
          case TableLookup.Corrupt _ -> false;
          case TableLookup.Mapped mapped ->
              !NOTHING_THERE.contains(fault.why()) && isDenied(fault, mapped);
        };
    if (!faults) {
      problems.add(
          "%s: iova %#x should give a fault (%s), but %s"
              .formatted(
                  fault.place(),
                  fault.iova(),
                  fault.why().isEmpty() ? "no reason given" : fault.why(),
                  told(found)));
    }
  }

  private static boolean isDenied(ExpectedFault fault, TableLookup.Mapped mapped) {
    return (mapped.leaf().protection() & (fault.write() ? Protection.WRITE : Protection.READ)) == 0;
  }

  private static String told(TableLookup found) {
    return switch (found) {
      case TableLookup.NotMapped none ->
          "the walk ends at an empty item of level " + none.item().level();
      case TableLookup.OutOfRange _ -> "it lies beyond the table";
      case TableLookup.Corrupt corrupt ->
          "at level %d, %s".formatted(corrupt.level(), corrupt.reason());
      case TableLookup.Mapped mapped ->
          "it goes to %#x, in a %s leaf to %#x, %s"
              .formatted(
                  mapped.outputAddress(),
                  ByteSize.ofLg2(mapped.leaf().sizeLg2()),
                  mapped.leaf().outputAddress(),
                  Protection.describe(mapped.leaf().protection()));
    };
  }
}
