package dev.genpt.snapshots;

import dev.genpt.format.Formats;
import dev.genpt.json.JsonFile;
import dev.genpt.json.MalformedJson;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.snapshots.AmdDeviceTable.HostTable;
import dev.genpt.snapshots.Snapshot.Root;
import dev.genpt.table.FormatDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One image, read and ready to be checked. Immutable; any thread may use it. */
public final class SnapshotCheck {
  private static final String AMD_HOST_FORMAT = "amdv1";

  /** What came of reading the file: an image, or why there is none. */
  private sealed interface Reading {
    record Done(Snapshot snapshot) implements Reading {}

    record Failed(String why) implements Reading {}
  }

  private final String file;
  private final Reading reading;

  private SnapshotCheck(String file, Reading reading) {
    this.file = file;
    this.reading = reading;
  }

  /** Reads {@code file}; one that can't be read, or is no image, fails when it is checked. */
  public static SnapshotCheck read(JsonFile file) {
    return new SnapshotCheck(file.name(), reading(file));
  }

  private static Reading reading(JsonFile file) {
    try {
      return new Reading.Done(SnapshotReader.read(file.read()));
    } catch (MalformedJson e) {
      return new Reading.Failed(Objects.requireNonNull(e.getMessage()));
    } catch (IOException e) {
      return new Reading.Failed("it can't be read: " + e);
    }
  }

  /** The formats that the roots name. */
  public Set<String> formats() {
    return switch (reading) {
      case Reading.Failed _ -> Set.of();
      case Reading.Done(Snapshot snapshot) ->
          snapshot.roots().stream().map(Root::format).collect(Collectors.toSet());
    };
  }

  /**
   * Checks the roots, in the order of the file.
   *
   * @param onlyFormat those of this format alone; an image that can't be read fails anyway
   * @param each takes each result as soon as it is there
   */
  public void run(Optional<String> onlyFormat, Consumer<RootResult> each) {
    switch (reading) {
      case Reading.Failed(String why) -> each.accept(new RootResult.Refused(file, why));
      case Reading.Done(Snapshot snapshot) -> run(snapshot, onlyFormat, each);
    }
  }

  private void run(Snapshot snapshot, Optional<String> onlyFormat, Consumer<RootResult> each) {
    PhysicalMemory memory = snapshot.image().memory();
    Optional<AmdDeviceTable> deviceTable =
        snapshot.amd().map(registers -> new AmdDeviceTable(registers, memory));
    for (Root root : snapshot.roots()) {
      if (onlyFormat.filter(only -> !only.equals(root.format())).isEmpty()) {
        each.accept(check(snapshot, root, memory, deviceTable));
      }
    }
    if (onlyFormat.filter(only -> !only.equals(AMD_HOST_FORMAT)).isEmpty()) {
      deviceTable.ifPresent(table -> refuseOthers(snapshot, table, each));
    }
  }

  private RootResult check(
      Snapshot snapshot, Root root, PhysicalMemory memory, Optional<AmdDeviceTable> deviceTable) {
    Optional<FormatDefinition> format = Formats.find(root.format());
    if (format.isEmpty()) {
      return new RootResult.Skipped(file, root.device(), root.format());
    }
    var check = new RootCheck(snapshot, root, memory);
    Optional<AmdDeviceTable> leading =
        deviceTable.filter(_ -> root.format().equals(AMD_HOST_FORMAT));
    List<String> problems = new ArrayList<>(check.problems(format.get(), leading));
    if (leading.isPresent()) {
      problems.addAll(byHardware(snapshot, root, memory));
    }
    return new RootResult.Checked(
        file,
        root.device(),
        root.format(),
        root.topLevel() + 1,
        check.rows(),
        check.faults(),
        root.sharesTableWith().map(device -> "as " + device).orElse(""),
        problems);
  }

  /** What the simulated IOMMU makes of the device's rows. */
  private static List<String> byHardware(Snapshot snapshot, Root root, PhysicalMemory memory) {
    OptionalInt id = AmdDeviceTable.idOf(root.device());
    return id.isEmpty() || snapshot.amd().isEmpty()
        ? List.of()
        : new HardwareCheck(snapshot.amd().get(), memory)
            .problems(id.getAsInt(), snapshot.leavesOf(root), snapshot.faultsOf(root));
  }

  /** Every table that the registers lead to must be in the rows. */
  private void refuseOthers(
      Snapshot snapshot, AmdDeviceTable deviceTable, Consumer<RootResult> each) {
    Set<Integer> known =
        snapshot.roots().stream()
            .map(root -> AmdDeviceTable.idOf(root.device()))
            .filter(OptionalInt::isPresent)
            .map(OptionalInt::getAsInt)
            .collect(Collectors.toSet());
    for (Map.Entry<Integer, HostTable> found : deviceTable.hostTables().entrySet()) {
      if (!known.contains(found.getKey())) {
        each.accept(
            new RootResult.Refused(
                file,
                "the registers lead to a table of %s at %#x, which has no row in roots"
                    .formatted(AmdDeviceTable.deviceOf(found.getKey()), found.getValue().root())));
      }
    }
  }
}
