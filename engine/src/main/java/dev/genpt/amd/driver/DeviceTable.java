package dev.genpt.amd.driver;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageOwner;

/**
 * The device table of one PCI segment, shared by the IOMMUs there.
 *
 * <p>Threads: any; who writes an entry holds the lock of its device.
 */
final class DeviceTable {
  private static final int PAGE_LG2 = 12;
  private static final int ENTRY_LG2 = 5;
  private static final int MOST_DEVICES = 1 << 16;

  private final long base;
  private final int sizeLg2;
  private final int lastDeviceId;

  /**
   * An empty table: requests pass untranslated.
   *
   * @param lastDeviceId the highest requester ID that firmware names
   */
  DeviceTable(PageAllocator pages, PageOwner owner, int lastDeviceId) {
    if (lastDeviceId < 0 || lastDeviceId >= MOST_DEVICES) {
      throw new IommuException(
          Errno.EINVAL, "requester ID %#x: must be 0 to 0xffff".formatted(lastDeviceId));
    }
    this.lastDeviceId = lastDeviceId;
    sizeLg2 = Math.max(PAGE_LG2, Log2.fls(lastDeviceId) + ENTRY_LG2);
    base = pages.allocate(owner, sizeLg2);
  }

  /** What the register must say: base and size in pages less one. */
  long registerValue() {
    return base | Log2.toMax(sizeLg2 - PAGE_LG2);
  }

  /** Where the entry of a device lies. */
  long entry(int deviceId) {
    return DeviceTableEntry.address(base, deviceId);
  }

  /** The highest requester ID that firmware names. */
  int lastDeviceId() {
    return lastDeviceId;
  }

  /** How many entries there are: a power of two. */
  int size() {
    return 1 << (sizeLg2 - ENTRY_LG2);
  }
}
