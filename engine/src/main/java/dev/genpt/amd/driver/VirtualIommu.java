package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.HashMap;
import java.util.Map;

/**
 * An IOMMU for a guest: its tables lie over a v1 domain, which translates what the guest takes for
 * physical addresses, and its domain identifiers stand for others of the host.
 *
 * <p>Threads: any.
 */
public final class VirtualIommu {
  private static final int FIVE_LEVELS = 1;
  private static final int RESERVED_GCR3_LEVELS = 3;

  private final DriverContext context;
  private final V1Domain parent;

  /** By the guest's identifier. */
  private final Map<Integer, HostId> hostIds = new HashMap<>();

  /** The host's identifier for one of the guest's, and how many domains use it. */
  private record HostId(int id, int users) {}

  VirtualIommu(DriverContext context, V1Domain parent) {
    this.context = context;
    this.parent = parent;
  }

  /** The domain of the guest's physical addresses. */
  V1Domain parent() {
    return parent;
  }

  /**
   * The address space that the guest describes by a device table entry of its own.
   *
   * @param q0 the word at the lowest address
   * @param q1 the next
   * @param q2 the next
   * @param q3 the highest
   * @throws IommuException EINVAL if the entry has a host table, has no GCR3 table where it says
   *     so, or levels that can't be; EOPNOTSUPP for five levels where an IOMMU walks four; ENOSPC
   *     without an identifier
   */
  public NestedDomain nest(long q0, long q1, long q2, long q3) {
    DeviceTableEntry guest = new DeviceTableEntry(q0, q1, q2, q3);
    boolean isValid =
        guest.mode() == 0
            && guest.hostRoot() == 0
            && guest.guestLevelCode() <= FIVE_LEVELS
            && guest.gcr3LevelCode() != RESERVED_GCR3_LEVELS;
    boolean lacksTable = guest.isValid() && guest.hasGuestTables() && guest.gcr3Root() == 0;
    if (!isValid || lacksTable) {
      throw new IommuException(
          Errno.EINVAL,
          "guest's device table entry %s: must have Mode 0, no host root, 4 or 5 guest levels, GLX below 3 and a GCR3 table with GV"
              .formatted(guest));
    }
    if (guest.guestLevelCode() == FIVE_LEVELS && context.features().guestLevels(true) < 5) {
      throw new IommuException(
          Errno.EOPNOTSUPP, "guest tables of five levels: the IOMMUs walk four");
    }
    return new NestedDomain(this, guest, take(guest.domainId()));
  }

  private synchronized int take(int guestId) {
    HostId present = hostIds.get(guestId);
    HostId taken =
        present == null
            ? new HostId(context.ids().allocate(), 1)
            : new HostId(present.id, present.users + 1);
    hostIds.put(guestId, taken);
    return taken.id;
  }

  /** Gives back what {@link #nest} took; no device uses it any more. */
  synchronized void release(int guestId) {
    HostId present = hostIds.remove(guestId);
    if (present == null) {
      throw new IllegalStateException("guest's domain %d is not in use".formatted(guestId));
    }
    if (present.users > 1) {
      hostIds.put(guestId, new HostId(present.id, present.users - 1));
    } else {
      context.ids().free(present.id);
    }
  }
}
