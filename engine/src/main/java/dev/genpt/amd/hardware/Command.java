package dev.genpt.amd.hardware;

import java.util.Optional;

/**
 * A command of the command ring: two words, the opcode in bits 63:60 of the first.
 *
 * <p>Immutable. Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Commands".
 */
public sealed interface Command {
  /**
   * COMPLETION_WAIT: all earlier commands have taken effect.
   *
   * @param store true if {@code data} is to be stored
   * @param interrupt true if an interrupt is asked for
   * @param address where to store, a multiple of 8
   * @param data what to store, 8 bytes
   */
  record CompletionWait(boolean store, boolean interrupt, long address, long data)
      implements Command {}

  /**
   * INVALIDATE_DEVTAB_ENTRY.
   *
   * @param deviceId whose entry is to be read anew
   */
  record InvalidateDeviceTableEntry(int deviceId) implements Command {}

  /**
   * INVALIDATE_IOMMU_PAGES.
   *
   * @param domainId the tag
   * @param pasid the address space, if {@code guest}
   * @param guest GN: the block is of guest virtual addresses
   * @param tables PDE: table pointers too, not leaves alone
   * @param block which addresses
   */
  record InvalidatePages(int domainId, int pasid, boolean guest, boolean tables, AddressBlock block)
      implements Command {}

  /**
   * INVALIDATE_IOTLB_PAGES.
   *
   * @param deviceId the device that keeps translations
   * @param pasid the address space, or {@link Request#NO_PASID}
   * @param block which addresses
   */
  record InvalidateIotlbPages(int deviceId, int pasid, AddressBlock block) implements Command {}

  /**
   * INVALIDATE_INTERRUPT_TABLE.
   *
   * @param deviceId whose interrupts are to be read anew; none are kept
   */
  record InvalidateInterruptTable(int deviceId) implements Command {}

  /**
   * PREFETCH_IOMMU_PAGES: a hint, not taken.
   *
   * @param deviceId the device that will need them
   */
  record Prefetch(int deviceId) implements Command {}

  /**
   * COMPLETE_PPR_REQUEST.
   *
   * @param deviceId the device that asked
   * @param response what it is told
   */
  record CompletePageRequest(int deviceId, PageResponse response) implements Command {}

  /** INVALIDATE_IOMMU_ALL: everything but the devices' own. */
  record InvalidateAll() implements Command {}

  /** The command of two words; empty if it means nothing to hardware of these features. */
  static Optional<Command> decode(long q0, long q1, IommuFeatures features) {
    return CommandWords.of(q0, q1).decode(features);
  }

  /** True if it makes hardware forget something. */
  default boolean isInvalidation() {
    return switch (this) {
      case CompletionWait _, Prefetch _, CompletePageRequest _ -> false;
      case InvalidateDeviceTableEntry _,
          InvalidatePages _,
          InvalidateIotlbPages _,
          InvalidateInterruptTable _,
          InvalidateAll _ ->
          true;
    };
  }
}
