package dev.genpt.snapshots;

import dev.genpt.amd.hardware.Access;
import dev.genpt.amd.hardware.AmdIommu;
import dev.genpt.amd.hardware.CacheConfig;
import dev.genpt.amd.hardware.EventEntry;
import dev.genpt.amd.hardware.IommuFeatures;
import dev.genpt.amd.hardware.Translation;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.snapshots.Snapshot.AmdRegisters;
import dev.genpt.snapshots.Snapshot.ExpectedFault;
import dev.genpt.snapshots.Snapshot.ExpectedLeaf;
import java.util.ArrayList;
import java.util.List;

/**
 * An AMD machine put back into the simulated IOMMU, registers and memory as they stood, and what it
 * makes of the requests of a device. Not thread-safe.
 */
final class HardwareCheck {
  /**
   * A register of a ring; they stand before Control starts the ring, bases before pointers.
   *
   * @param name its name in the image
   * @param offset where it is
   */
  private record RingRegister(String name, int offset) {}

  private static final List<RingRegister> RINGS =
      List.of(
          new RingRegister("CommandBufferBase", 0x8),
          new RingRegister("EventLogBase", 0x10),
          new RingRegister("CommandHead", 0x2000),
          new RingRegister("CommandTail", 0x2008),
          new RingRegister("EventHead", 0x2010),
          new RingRegister("EventTail", 0x2018));

  private static final int DEVICE_TABLE_BASE = 0x0;
  private static final int CONTROL = 0x18;

  private final AmdIommu iommu;

  HardwareCheck(AmdRegisters registers, PhysicalMemory memory) {
    IommuFeatures features =
        registers
            .other("ExtendedFeatures")
            .map(IommuFeatures.DEFAULT::withEfr)
            .orElse(IommuFeatures.DEFAULT);
    iommu = new AmdIommu(memory, features, CacheConfig.ADVERSARIAL);
    iommu.write64(DEVICE_TABLE_BASE, registers.deviceTableBase());
    for (RingRegister register : RINGS) {
      registers.other(register.name).ifPresent(value -> iommu.write64(register.offset, value));
    }
    iommu.write64(CONTROL, registers.control());
  }

  /** What the device's requests do not come to, though the rows say so. */
  List<String> problems(int deviceId, List<ExpectedLeaf> leaves, List<ExpectedFault> faults) {
    List<String> problems = new ArrayList<>();
    for (ExpectedLeaf leaf : leaves) {
      long size = 1L << leaf.sizeLg2();
      for (long offset : new long[] {0, size / 2, size - 1}) {
        for (Access access : List.of(Access.READ, Access.WRITE)) {
          long iova = leaf.iova() + offset;
          Translation found = iommu.translate(deviceId, iova, access);
          if (!isRight(leaf, offset, access, deviceId, found)) {
            problems.add(told(leaf.place(), iova, access, found));
          }
        }
      }
    }
    for (ExpectedFault fault : faults) {
      Access access = fault.write() ? Access.WRITE : Access.READ;
      Translation found = iommu.translate(deviceId, fault.iova(), access);
      if (!isFault(found, deviceId, fault.iova(), access)) {
        problems.add(told(fault.place(), fault.iova(), access, found));
      }
    }
    return problems;
  }

  private static boolean isRight(
      ExpectedLeaf leaf, long offset, Access access, int deviceId, Translation found) {
    boolean allowed = access == Access.WRITE ? leaf.write() : leaf.read();
    if (!allowed) {
      return isFault(found, deviceId, leaf.iova() + offset, access);
    }
    return found instanceof Translation.Mapped mapped
        && mapped.address() == leaf.pa() + offset
        && mapped.pageSizeLg2() == leaf.sizeLg2()
        && mapped.readable() == leaf.read()
        && mapped.writable() == leaf.write();
  }

  /** True for a page fault of just this request. */
  private static boolean isFault(Translation found, int deviceId, long iova, Access access) {
    return found instanceof Translation.Faulted fault
        && fault.event().code() == EventEntry.IO_PAGE_FAULT
        && fault.event().deviceId() == deviceId
        && fault.event().q1() == iova
        && ((fault.event().flags() & EventEntry.RW) != 0) == (access == Access.WRITE);
  }

  private static String told(String place, long iova, Access access, Translation found) {
    return "%s: the simulated IOMMU makes of a %s of %#x: %s"
        .formatted(place, access == Access.WRITE ? "write" : "read", iova, outcome(found));
  }

  private static String outcome(Translation found) {
    return switch (found) {
      case Translation.Mapped mapped ->
          "%#x, in a page of 2^%d bytes, %s"
              .formatted(
                  mapped.address(),
                  mapped.pageSizeLg2(),
                  (mapped.readable() ? "r" : "-") + (mapped.writable() ? "w" : "-"));
      case Translation.Faulted fault -> "event " + fault.event();
      case Translation.InterruptMessage _ -> "an interrupt message";
      case Translation.Refused _ -> "a refusal";
    };
  }
}
