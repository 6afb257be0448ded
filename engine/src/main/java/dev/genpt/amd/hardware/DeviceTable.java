package dev.genpt.amd.hardware;

import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;

/**
 * The device table in memory, in up to eight segments.
 *
 * <pre>
 * DeviceID   15:16-n segment | the rest: index, for a table in 2^n segments
 * </pre>
 *
 * <p>Threads: any thread may look up; an entry is read in one piece.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Device Table".
 */
final class DeviceTable {
  private static final int DEVICE_ID_LG2 = 16;
  private static final int ENTRY_BYTES = 32;
  private static final int PAGE_BYTES = 4096;
  private static final long SIZE = 0x1ff;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

  /** What is found for a device. */
  sealed interface Lookup permits DeviceTableEntry, Beyond, Unreadable {}

  /** The table has no entry for the device. */
  record Beyond() implements Lookup {}

  /**
   * The entry is not in memory.
   *
   * @param pa where it would be
   */
  record Unreadable(long pa) implements Lookup {}

  private static final Beyond BEYOND = new Beyond();

  private final PhysicalMemory memory;
  private final CacheStore<Integer, DeviceTableEntry> cache;
  private final Counters counters;

  DeviceTable(
      PhysicalMemory memory, CacheStore<Integer, DeviceTableEntry> cache, Counters counters) {
    this.memory = memory;
    this.cache = cache;
    this.counters = counters;
  }

  /** The entry of a device, from the cache if it is there. */
  Lookup lookup(Settings settings, int deviceId) {
    int indexLg2 = DEVICE_ID_LG2 - settings.segmentsLg2();
    long base = settings.tables().get(deviceId >>> indexLg2);
    long offset = (long) (deviceId & ((1 << indexLg2) - 1)) * ENTRY_BYTES;
    if (offset + ENTRY_BYTES > ((base & SIZE) + 1) * PAGE_BYTES) {
      return BEYOND;
    }
    DeviceTableEntry cached = cache.get(deviceId);
    if (cached != null) {
      counters.deviceHits.increment();
      return cached;
    }
    counters.deviceMisses.increment();
    long pa = (base & ADDRESS) + offset;
    try {
      DeviceTableEntry read = DeviceTableEntry.of(memory.load256(pa));
      cache.put(deviceId, read);
      return read;
    } catch (IommuException unreachable) {
      return new Unreadable(pa);
    }
  }
}
