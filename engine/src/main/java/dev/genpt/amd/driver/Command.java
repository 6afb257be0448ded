package dev.genpt.amd.driver;

import dev.genpt.bits.BitField;

/**
 * A command to the IOMMU, as the driver writes it into the ring.
 *
 * <p>Bits 63:60 of the low word are the operation. Source: AMD I/O Virtualization Technology
 * (IOMMU) Specification, "Commands".
 *
 * @param low the word at the lower address
 * @param high the other one
 */
record Command(long low, long high) {
  private static final BitField OPERATION = new BitField("Op", 63, 60);
  private static final BitField DEVICE_ID = new BitField("DeviceID", 15, 0);
  private static final BitField DOMAIN_ID = new BitField("DomainID", 47, 32);
  private static final BitField PASID = new BitField("PASID", 19, 0);
  private static final BitField MAX_PENDING = new BitField("Maxpend", 31, 24);
  private static final BitField QUEUE_ID = new BitField("QueueID", 47, 32);
  private static final BitField IOTLB_PASID_7_0 = new BitField("PASID", 55, 48);
  private static final BitField IOTLB_PASID_15_8 = new BitField("PASID", 23, 16);
  private static final BitField IOTLB_PASID_19_16 = new BitField("PASID", 59, 56);
  private static final long STORE = 1;

  /** Drop page-walk entries too. */
  private static final long PDE = 1 << 1;

  private static final long GN = 1 << 2;

  private static final int COMPLETION_WAIT = 1;
  private static final int INVALIDATE_DEVTAB_ENTRY = 2;
  private static final int INVALIDATE_IOMMU_PAGES = 3;
  private static final int INVALIDATE_IOTLB_PAGES = 4;
  private static final int INVALIDATE_INTERRUPT_TABLE = 5;
  private static final int INVALIDATE_IOMMU_ALL = 8;

  private static Command of(int operation, long low, long high) {
    return new Command(OPERATION.of(operation) | low, high);
  }

  /**
   * When everything before is done, store {@code data} at {@code address}.
   *
   * @param address physical, a multiple of 8 below 2^52
   */
  static Command completionWait(long address, long data) {
    return of(COMPLETION_WAIT, address | STORE, data);
  }

  /** Forget the device table entry of a device. */
  static Command invalidateDeviceEntry(int deviceId) {
    return of(INVALIDATE_DEVTAB_ENTRY, DEVICE_ID.of(deviceId), 0);
  }

  /**
   * Forget the translations of a domain in a range, page-walk entries included.
   *
   * @param space guest or host translations
   */
  static Command invalidatePages(int domainId, InvalidationSpace space, InvalidationRange range) {
    return of(
        INVALIDATE_IOMMU_PAGES,
        PASID.of(space.pasid()) | DOMAIN_ID.of(domainId),
        range.word() | PDE | guest(space));
  }

  /** As {@link #invalidatePages}, but page-walk entries stay. */
  Command leavesOnly() {
    return new Command(low, high & ~PDE);
  }

  /**
   * Have the device forget the translations that it holds itself.
   *
   * @param queueDepth how many invalidations it accepts at once
   */
  static Command invalidateDeviceIotlb(
      int deviceId, int queueDepth, InvalidationSpace space, InvalidationRange range) {
    int pasid = space.pasid();
    return of(
        INVALIDATE_IOTLB_PAGES,
        DEVICE_ID.of(deviceId)
            | MAX_PENDING.of(queueDepth)
            | QUEUE_ID.of(deviceId)
            | IOTLB_PASID_7_0.of(pasid)
            | IOTLB_PASID_15_8.of(pasid >>> 8)
            | IOTLB_PASID_19_16.of(pasid >>> 16),
        range.word() | guest(space));
  }

  /** Forget the interrupt table entries of a device. */
  static Command invalidateInterruptTable(int deviceId) {
    return of(INVALIDATE_INTERRUPT_TABLE, DEVICE_ID.of(deviceId), 0);
  }

  /** Forget all that the IOMMU holds; devices keep theirs. */
  static Command invalidateAll() {
    return of(INVALIDATE_IOMMU_ALL, 0, 0);
  }

  private static long guest(InvalidationSpace space) {
    return space.guest() ? GN : 0;
  }

  boolean isCompletionWait() {
    return OPERATION.get(low) == COMPLETION_WAIT;
  }

  @Override
  public String toString() {
    return "%08x %08x %08x %08x"
        .formatted((int) low, (int) (low >>> 32), (int) high, (int) (high >>> 32));
  }
}
