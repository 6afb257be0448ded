package dev.genpt.amd.hardware;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one IOMMU remembers of memory, and what makes it forget.
 *
 * <p>Threads: as {@link SpanCache}: the drops are for a thread that keeps all translations out.
 */
final class Caches {
  /**
   * A table that a walk came through.
   *
   * @param address where it is
   * @param rights what the entries above it allow
   */
  record TablePointer(long address, int rights) {}

  /** What is remembered of a page of one stage. */
  sealed interface Remembered permits HostPage, GuestPage, Absent {}

  /** There is nothing; kept only by hardware that says so. */
  record Absent() implements Remembered {}

  static final Absent ABSENT = new Absent();

  private static final int PASID_LG2 = 20;

  final CacheStore<Integer, DeviceTableEntry> devices;
  final SpanCache<TablePointer> pointers;
  final SpanCache<Remembered> pages;

  private final CacheStore<Long, Gcr3Table.GuestRoot> guestRoots;

  /** Devices that had their one page fault reported. */
  private final Set<Integer> reported = ConcurrentHashMap.newKeySet();

  Caches(CacheConfig config) {
    devices = new CacheStore<>(config.deviceEntries(), config.replacement());
    pointers = new SpanCache<>(config.walkEntries(), config.replacement());
    pages = new SpanCache<>(config.translations(), config.replacement());
    guestRoots = new CacheStore<>(config.walkEntries(), config.replacement());
  }

  private static long spaceOf(int domainId, int pasid) {
    return (long) domainId << PASID_LG2 | pasid;
  }

  Gcr3Table.@Nullable GuestRoot guestRoot(int domainId, int pasid) {
    return guestRoots.get(spaceOf(domainId, pasid));
  }

  void putGuestRoot(int domainId, int pasid, Gcr3Table.GuestRoot root) {
    guestRoots.put(spaceOf(domainId, pasid), root);
  }

  /** True for the first page fault of a device since its entry was read. */
  boolean isFirstReport(int deviceId) {
    return reported.add(deviceId);
  }

  /** The next request of the device reads its entry anew. */
  int dropDevice(int deviceId) {
    reported.remove(deviceId);
    return devices.remove(deviceId) ? 1 : 0;
  }

  /** Forgets what INVALIDATE_IOMMU_PAGES names, and tells how much that was. */
  int dropPages(Command.InvalidatePages what) {
    int domainId = what.domainId();
    AddressBlock block = what.block();
    if (what.guest()) {
      int dropped = pages.drop(domainId, what.pasid(), block);
      if (what.tables()) {
        dropped += pointers.drop(domainId, what.pasid(), block);
        if (block.isEverything() && guestRoots.remove(spaceOf(domainId, what.pasid()))) {
          dropped++;
        }
      }
      return dropped;
    }
    int dropped = pages.drop(domainId, SpanCache.HOST, block) + pages.dropGuests(domainId);
    if (what.tables()) {
      dropped += pointers.drop(domainId, SpanCache.HOST, block) + pointers.dropGuests(domainId);
      if (block.isEverything()) {
        dropped += guestRoots.removeIf(space -> space >>> PASID_LG2 == domainId);
      }
    }
    return dropped;
  }

  /** Forgets everything, and tells how much that was. */
  int dropAll() {
    reported.clear();
    return devices.removeIf(_ -> true)
        + pointers.clear()
        + pages.clear()
        + guestRoots.removeIf(_ -> true);
  }
}
