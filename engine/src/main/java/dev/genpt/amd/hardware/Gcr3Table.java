package dev.genpt.amd.hardware;

import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;

/**
 * The GCR3 table of a device: where the guest table of each PASID begins.
 *
 * <pre>
 * PASID   9 bits a level, the lowest level last
 * entry   0 valid | 51:12 next table, or in level 0 the root of the guest table
 * </pre>
 *
 * <p>Threads: any thread may look up. Source: AMD I/O Virtualization Technology (IOMMU)
 * Specification, "Guest CR3 Table".
 */
final class Gcr3Table {
  /** What is found for a PASID. */
  sealed interface Result permits GuestRoot, Fault {}

  /**
   * The root of a guest table.
   *
   * @param address guest physical address
   */
  record GuestRoot(long address) implements Result {}

  private static final int BITS_PER_LEVEL = 9;
  private static final long INDEX = 0x1ff;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

  private final PhysicalMemory memory;
  private final HostStage host;
  private final Caches caches;
  private final Counters counters;

  Gcr3Table(PhysicalMemory memory, HostStage host, Caches caches, Counters counters) {
    this.memory = memory;
    this.host = host;
    this.caches = caches;
    this.counters = counters;
  }

  /** The root of the guest table of the request's PASID. */
  Result root(Origin origin) {
    int pasid = origin.guestPasid();
    int level = origin.entry().gcr3TopLevel();
    if (pasid >>> (BITS_PER_LEVEL * (level + 1)) != 0) {
      return origin.guestFault(0);
    }
    GuestRoot known = caches.guestRoot(origin.domainId(), pasid);
    if (known != null) {
      return known;
    }
    long table = origin.entry().gcr3Root();
    for (; level >= 0; level--) {
      long index = (pasid >>> (BITS_PER_LEVEL * level)) & INDEX;
      long address = table + index * Long.BYTES;
      if (origin.settings().gcr3IsGuestAddress()) {
        switch (host.translate(origin, HostStage.Need.tableRead(address))) {
          case HostPage page -> address = page.address(address);
          case Fault fault -> {
            return fault;
          }
        }
      }
      long word;
      try {
        counters.tableReads.increment();
        word = memory.read64Acquire(address);
      } catch (IommuException unreachable) {
        return origin.guestUnreadable(address);
      }
      if ((word & 1) == 0) {
        return origin.guestFault(0);
      }
      table = word & ADDRESS;
    }
    GuestRoot found = new GuestRoot(table);
    caches.putGuestRoot(origin.domainId(), pasid, found);
    return found;
  }
}
