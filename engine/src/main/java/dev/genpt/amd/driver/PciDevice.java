package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A PCI function behind an IOMMU, as the driver keeps it: its entry in the device table, its
 * domain, and the tables of its PASIDs.
 *
 * <p>Threads: any. Attaching and detaching take turns on one device; they run beside maps and
 * unmaps of the domains, and beside the device's own accesses.
 */
public final class PciDevice {
  private final DriverContext context;
  private final Iommu iommu;
  private final DeviceTable table;
  private final DeviceConfig config;
  private final List<Integer> requesterIds;
  private final Map<Integer, V2Domain> pasids = new ConcurrentHashMap<>();

  /** Held while domains come and go. */
  private final ReentrantLock attachLock = new ReentrantLock();

  /** Held while the entry is written; the last of all locks but those of the command rings. */
  private final ReentrantLock entryLock = new ReentrantLock();

  private volatile Domain domain;
  private volatile boolean atsOn;
  private @Nullable Gcr3Table gcr3;
  private int ownDomainId;

  PciDevice(DriverContext context, Iommu iommu, DeviceTable table, DeviceConfig config) {
    this.context = context;
    this.iommu = iommu;
    this.table = table;
    this.config = config;
    domain = context.blocked();
    List<Integer> ids = new ArrayList<>(List.of(config.deviceId));
    ids.addAll(config.aliases);
    requesterIds = List.copyOf(ids);
  }

  // ---- What it is

  /** Its requester ID. */
  public int deviceId() {
    return config.deviceId;
  }

  /** Its requester ID and those of its aliases. */
  List<Integer> requesterIds() {
    return requesterIds;
  }

  /** The IOMMU that it is behind. */
  public Iommu iommu() {
    return iommu;
  }

  /** Name of its driver, for messages. */
  public String driverName() {
    return config.driverName;
  }

  /** The domain that it has. Threads: any; another may be on its way. */
  public Domain domain() {
    return domain;
  }

  /** True while it may keep translations itself. */
  public boolean atsIsOn() {
    return atsOn;
  }

  int atsQueueDepth() {
    return config.atsQueueDepth;
  }

  /** True if it and all IOMMUs can use PASIDs. */
  boolean hasPasids() {
    return config.pasids > 1 && context.features().hasPasids(context.cpuHasFiveLevels());
  }

  // ---- Domains

  /**
   * Gives the device another address space; in between it has none. Afterwards nothing of the old
   * one can be reached.
   *
   * @throws IommuException EINVAL or EOPNOTSUPP if the domain is not for this device, which then
   *     keeps what it has; ENOSPC without an identifier or ENOMEM: the device is then blocked; EIO
   *     if hardware does not answer: {@link #domain} tells which entry the device has in memory
   */
  public void attach(Domain next) {
    attachLock.lock();
    try {
      if (domain.equals(next)) {
        return;
      }
      next.check(this);
      domain.leave(this);
      domain = context.blocked();
      join(next);
    } finally {
      attachLock.unlock();
    }
  }

  private void join(Domain next) {
    try {
      next.join(this);
      domain = next;
    } catch (IommuException e) {
      if (e.errno() == Errno.EIO) {
        domain = next; // its entry is in memory, whatever hardware makes of it
      }
      throw e;
    }
  }

  /** Takes the device's address space away: its requests are refused from now on. */
  public void detach() {
    attach(context.blocked());
  }

  /** Gives the device its first domain; until now its requests passed. */
  void boot(Domain first) {
    for (int id : requesterIds) {
      context.writer().storeHigh(table.entry(id), firmwareBits());
    }
    join(first);
  }

  /**
   * Gives a PASID of the device an address space.
   *
   * @param pasid 1 or more, below what device and IOMMU can
   * @throws IommuException EINVAL if the PASID can't be, or the device has neither physical
   *     addresses nor a v2 domain; EOPNOTSUPP if the PASID has another domain
   */
  public void attachPasid(int pasid, V2Domain space) {
    attachLock.lock();
    try {
      int limit = Math.min(config.pasids, context.features().pasids());
      if (pasid <= 0 || pasid >= limit || !hasPasids() || gcr3 == null) {
        throw new IommuException(
            Errno.EINVAL,
            "PASID %#x: must be 1 to %#x, of a device with a GCR3 table; %s has domain %s"
                .formatted(pasid, limit - 1, this, domain));
      }
      V2Domain present = pasids.get(pasid);
      if (present != null && !present.equals(space)) {
        throw new IommuException(
            Errno.EOPNOTSUPP, "PASID %#x of %s has a domain already".formatted(pasid, this));
      }
      if (present == null) {
        space.joinPasid(this, pasid);
        pasids.put(pasid, space);
      }
    } finally {
      attachLock.unlock();
    }
  }

  /** Takes a PASID's address space away, if it has one. */
  public void detachPasid(int pasid) {
    attachLock.lock();
    try {
      V2Domain space = pasids.remove(pasid);
      if (space != null) {
        space.leavePasid(this, pasid);
      }
    } finally {
      attachLock.unlock();
    }
  }

  void detachPasids() {
    List.copyOf(pasids.keySet()).forEach(this::detachPasid);
  }

  /** The PASIDs with an address space; 0 is one. */
  Set<Integer> pasidsInUse() {
    Set<Integer> inUse = new TreeSet<>(pasids.keySet());
    inUse.add(0);
    return inUse;
  }

  /** True if a PASID above 0 has an address space. */
  boolean usesPasids() {
    return !pasids.isEmpty();
  }

  // ---- What domains do to it, under its lock

  void turnAtsOn() {
    if (config.atsQueueDepth > 0
        && context.deviceIotlbs()
        && context.features().hasPasids(context.cpuHasFiveLevels())) {
      config.atsSwitch.turn(true);
      atsOn = true;
    }
  }

  void turnAtsOff() {
    if (atsOn) {
      config.atsSwitch.turn(false);
      atsOn = false;
    }
  }

  /**
   * Makes the table of its PASIDs, with an identifier for the device alone.
   *
   * @throws IommuException ENOSPC, ENOMEM, EINVAL
   */
  void createGcr3() {
    int count = hasPasids() ? Math.min(config.pasids, context.features().pasids()) : 1;
    int id = context.ids().allocate();
    try {
      gcr3 = new Gcr3Table(context.pages(), count, context.features().gcr3Levels());
      ownDomainId = id;
    } finally {
      if (gcr3 == null) {
        context.ids().free(id);
      }
    }
  }

  boolean hasGcr3() {
    return gcr3 != null;
  }

  /** The table of its PASIDs, which it must have. */
  Gcr3Table gcr3() {
    if (gcr3 == null) {
      throw new IllegalStateException(this + " has no GCR3 table");
    }
    return gcr3;
  }

  DeviceTableEntry withGcr3(DeviceTableEntry entry) {
    return entry.withGcr3(gcr3().root(context.guestLevels()));
  }

  /** The identifier that goes with the GCR3 table. */
  int ownDomainId() {
    return ownDomainId;
  }

  /** Frees the table of its PASIDs, if it has one; its entry must not name it any more. */
  void dropGcr3() {
    if (gcr3 != null) {
      context.invalidations().domainRetired(iommu, ownDomainId);
      gcr3.free();
      gcr3 = null;
      context.ids().free(ownDomainId);
    }
  }

  // ---- Its entry

  /** Refuses every request from now on. */
  void block() {
    writeEntry(DeviceTableEntry.blocked(), false);
  }

  /**
   * Writes its entry and those of its aliases, and has hardware forget the old ones.
   *
   * @param forgetOldDomain true to have the translations under the old identifier forgotten too
   */
  void writeEntry(DeviceTableEntry wanted, boolean forgetOldDomain) {
    entryLock.lock();
    try {
      int oldDomain = context.writer().read(table.entry(deviceId())).domainId();
      for (int id : requesterIds) {
        DeviceTableEntry entry = wanted.withAts(atsOn).or(firmwareBits());
        context
            .writer()
            .update(table.entry(id), entry, () -> context.invalidations().entryWritten(this, id));
      }
      context.invalidations().entriesWritten(this);
      if (forgetOldDomain && oldDomain != 0) {
        context.invalidations().domainRetired(iommu, oldDomain);
      }
    } finally {
      entryLock.unlock();
    }
  }

  /** Has hardware record writes in host leaves, or not any more. */
  void setDirtyTracking(boolean on) {
    entryLock.lock();
    try {
      for (int id : requesterIds) {
        long pa = table.entry(id);
        context.writer().storeFirstWord(pa, context.writer().read(pa).withDirtyTracking(on));
      }
      context.invalidations().entriesWritten(this);
    } finally {
      entryLock.unlock();
    }
  }

  private DeviceTableEntry firmwareBits() {
    return new DeviceTableEntry(0, config.firmwareQ1, config.firmwareQ2, 0).firmwareBits();
  }

  /** Its entry as hardware finds it in memory. */
  DeviceTableEntry entry() {
    return context.writer().read(table.entry(deviceId()));
  }

  @Override
  public String toString() {
    return RequesterId.describe(iommu.segment(), deviceId());
  }
}
