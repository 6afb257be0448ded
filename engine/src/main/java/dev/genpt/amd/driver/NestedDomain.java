package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * An address space that a guest made: its own tables, over those of a v1 domain.
 *
 * <p>Threads: any.
 */
public final class NestedDomain extends Domain implements AutoCloseable {
  private final VirtualIommu virtual;
  private final DeviceTableEntry guestEntry;
  private final int hostId;
  private int devices;

  NestedDomain(VirtualIommu virtual, DeviceTableEntry guestEntry, int hostId) {
    this.virtual = virtual;
    this.guestEntry = guestEntry;
    this.hostId = hostId;
  }

  /** The entry as the guest wrote it. */
  DeviceTableEntry guestEntry() {
    return guestEntry;
  }

  /** The tag of its translations in the caches. */
  public int hostId() {
    return hostId;
  }

  @Override
  void check(PciDevice device) {
    if (device.usesPasids()) {
      throw new IommuException(
          Errno.EINVAL, "%s has tables for its PASIDs: detach these first".formatted(device));
    }
  }

  @Override
  synchronized void join(PciDevice device) {
    virtual.parent().joinNested(device, this);
    devices++;
  }

  @Override
  synchronized void leave(PciDevice device) {
    virtual.parent().leaveNested(device);
    devices--;
  }

  /**
   * Gives its identifier back. Threads: alone.
   *
   * @throws IommuException EBUSY while a device uses it
   */
  @Override
  public synchronized void close() {
    if (devices != 0) {
      throw new IommuException(Errno.EBUSY, "%s: %d devices use it".formatted(this, devices));
    }
    virtual.release(guestEntry.domainId());
  }

  @Override
  public String toString() {
    return "nested domain %d".formatted(hostId);
  }
}
