package dev.genpt.snapshots;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * A memory image with what is known of it. Numbers are unsigned; {@code place} is always where a
 * row stands in the file.
 *
 * @param amd the registers of an AMD IOMMU, if it is one
 * @param roots the tables, one row a device
 * @param leaves every mapping of every table
 * @param faults addresses that must not translate
 */
record Snapshot(
    Optional<AmdRegisters> amd,
    List<Root> roots,
    MemoryImage image,
    List<ExpectedLeaf> leaves,
    List<ExpectedFault> faults) {

  /**
   * Registers of an AMD IOMMU.
   *
   * @param others those that an image may have besides, by name
   */
  record AmdRegisters(long deviceTableBase, long control, Map<String, Long> others) {
    AmdRegisters {
      others = Map.copyOf(others);
    }

    /** Another register, if the image has it. */
    Optional<Long> other(String name) {
      return Optional.ofNullable(others.get(name));
    }
  }

  /**
   * A device's table.
   *
   * @param topPa physical address of the root
   * @param topLevel level of the root
   * @param mode AMD's count of the levels
   * @param levels VT-d's and Arm's count of the levels
   * @param vaBits input address bits, where the level does not tell them
   * @param sharesTableWith the device whose expectations hold for this one too
   * @param dte the device-table entry of an AMD IOMMU, or no words
   */
  record Root(
      String place,
      String device,
      String format,
      long topPa,
      int topLevel,
      OptionalInt mode,
      OptionalInt levels,
      OptionalInt vaBits,
      Optional<String> sharesTableWith,
      OptionalInt domainId,
      List<Long> dte) {
    Root {
      dte = List.copyOf(dte);
    }
  }

  /**
   * A mapping, as large as its entry.
   *
   * @param level level of the table that holds it
   * @param word the word of its first item
   */
  record ExpectedLeaf(
      String place,
      String device,
      long iova,
      int sizeLg2,
      long pa,
      boolean read,
      boolean write,
      int level,
      long word) {}

  /**
   * An address that must not translate.
   *
   * @param write whether the device would write there, else read
   * @param why the reason, in the recorder's words; may be empty
   */
  record ExpectedFault(String place, String device, long iova, boolean write, String why) {}

  Snapshot {
    roots = List.copyOf(roots);
    leaves = List.copyOf(leaves);
    faults = List.copyOf(faults);
  }

  /** The row of a device, if it has one. */
  Optional<Root> rootOf(String device) {
    return roots.stream().filter(root -> root.device().equals(device)).findFirst();
  }

  /** The mappings of {@code root}'s table: its own rows and those of the device it shares with. */
  List<ExpectedLeaf> leavesOf(Root root) {
    return rowsOf(root, leaves, ExpectedLeaf::device);
  }

  /** The faults of {@code root}'s table: its own rows and those of the device it shares with. */
  List<ExpectedFault> faultsOf(Root root) {
    return rowsOf(root, faults, ExpectedFault::device);
  }

  private <R> List<R> rowsOf(Root root, List<R> rows, Function<R, String> device) {
    Set<String> sharers = sharersOf(root);
    return rows.stream().filter(row -> sharers.contains(device.apply(row))).toList();
  }

  /** The root's device, the one it shares with, the one that that one shares with, ... */
  private Set<String> sharersOf(Root root) {
    Set<String> devices = new LinkedHashSet<>();
    Optional<Root> next = Optional.of(root);
    while (next.isPresent() && devices.add(next.get().device())) {
      next = next.get().sharesTableWith().flatMap(this::rootOf);
    }
    return devices;
  }
}
