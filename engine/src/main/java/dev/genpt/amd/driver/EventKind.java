package dev.genpt.amd.driver;

/**
 * What an event log entry reports, by the manual's names.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Event Log Records".
 */
public enum EventKind {
  /** A device table entry that can't be. */
  ILLEGAL_DEV_TABLE_ENTRY(1),
  /** A request that the tables do not allow. */
  IO_PAGE_FAULT(2),
  /** A device table entry that could not be read. */
  DEV_TAB_HARDWARE_ERROR(3),
  /** A page table entry that could not be read. */
  PAGE_TAB_HARDWARE_ERROR(4),
  /** A command that can't be. */
  ILLEGAL_COMMAND_ERROR(5),
  /** A command that could not be read, or not be done. */
  COMMAND_HARDWARE_ERROR(6),
  /** A device that did not answer an invalidation. */
  IOTLB_INV_TIMEOUT(7),
  /** A request that the device must not make. */
  INVALID_DEVICE_REQUEST(8),
  /** A page request that can't be. */
  INVALID_PPR_REQUEST(9),
  /** Anything else. */
  UNKNOWN(0);

  private final int code;

  EventKind(int code) {
    this.code = code;
  }

  /** The kind of a code in bits 63:60 of an entry. */
  static EventKind ofCode(int code) {
    for (EventKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return UNKNOWN;
  }
}
