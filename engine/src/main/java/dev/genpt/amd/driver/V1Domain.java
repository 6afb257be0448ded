package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.format.Amdv1;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.TopDriver;
import dev.genpt.table.Feature;
import dev.genpt.table.HardwareInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;

/**
 * An address space with a host (v1) page table, whose root grows with the addresses in use.
 *
 * <p>All its devices share one identifier, and so what is cached. A guest's tables may lie over it
 * ({@link #newVirtualIommu}), and hardware can record what devices write.
 *
 * <p>Threads: as {@link PagingDomain}.
 */
public final class V1Domain extends PagingDomain {
  private static final int FIRST_TOP_LEVEL = 2;
  private static final int LEVEL_LG2 = 9;
  private static final int GRANULE_LG2 = 12;
  private static final int OA_LG2 = 52;

  private final int id;
  private final IommuDomain space;

  /** The guest's part of the entries of devices that a guest's tables serve; under the lock. */
  private final Map<PciDevice, NestedDomain> nested = new HashMap<>();

  private boolean dirtyTracking;

  /**
   * An empty address space.
   *
   * @throws IommuException EOPNOTSUPP without host translation, ENOSPC, ENOMEM
   */
  V1Domain(DriverContext context) {
    super(context);
    int levels = context.features().hostLevels();
    if (levels == 0) {
      throw new IommuException(Errno.EOPNOTSUPP, "the IOMMUs do not walk host tables");
    }
    id = context.ids().allocate();
    boolean done = false;
    try {
      space = create(config(levels));
      done = true;
    } finally {
      if (!done) {
        context.ids().free(id);
      }
    }
  }

  private DomainConfig config(int levels) {
    return DomainConfig.of(Amdv1.DEFINITION, context.pages())
        .name("v1 domain %d".formatted(id))
        .features(
            Feature.DYNAMIC_TOP,
            Amdv1.ENCRYPT_TABLES,
            Amdv1.FORCE_COHERENCE,
            context.npCache() ? Feature.FLUSH_RANGE_NO_GAPS : Feature.FLUSH_RANGE)
        .widths(Math.min(Long.SIZE, GRANULE_LG2 + LEVEL_LG2 * levels), OA_LG2)
        .topLevel(FIRST_TOP_LEVEL)
        .topDriver(new Top());
  }

  @Override
  public IommuDomain space() {
    return space;
  }

  /** The tag of its translations in the caches. */
  public int id() {
    return id;
  }

  @Override
  public void close() {
    super.close();
    context.ids().free(id);
  }

  @Override
  void join(PciDevice device) {
    device.turnAtsOn();
    join(new Attachment(device, id, InvalidationSpace.HOST, false), true);
  }

  private void join(Attachment attachment, boolean forgetOldDomain) {
    lock.lock();
    try {
      add(attachment);
      HardwareInfo table = space.hardwareInfo();
      writeEntry(attachment, table.root(), table.levelCode(), forgetOldDomain);
    } finally {
      lock.unlock();
    }
  }

  @Override
  void leave(PciDevice device) {
    device.turnAtsOff();
    lock.lock();
    try {
      Attachment attachment = attachmentOf(device, InvalidationSpace.HOST);
      device.block();
      context.invalidations().detached(attachment);
      remove(attachment);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a device the tables of a guest over this one. ATS stays off: the device would keep guest
   * addresses, which nobody here could name when this domain changes.
   */
  void joinNested(PciDevice device, NestedDomain guest) {
    lock.lock();
    try {
      nested.put(device, guest);
      join(new Attachment(device, guest.hostId(), InvalidationSpace.HOST, true), false);
    } finally {
      lock.unlock();
    }
  }

  /** Takes them away. */
  void leaveNested(PciDevice device) {
    lock.lock();
    try {
      leave(device);
      nested.remove(device);
    } finally {
      lock.unlock();
    }
  }

  private void writeEntry(Attachment attachment, long root, int mode, boolean forgetOldDomain) {
    PciDevice device = attachment.device();
    DeviceTableEntry entry =
        DeviceTableEntry.host(root, mode, attachment.domainId()).withDirtyTracking(dirtyTracking);
    NestedDomain guest = nested.get(device);
    device.writeEntry(guest == null ? entry : entry.nesting(guest.guestEntry()), forgetOldDomain);
  }

  /** How a new root gets to the devices: their entries first, then the mappers. */
  private final class Top implements TopDriver {
    @Override
    public Lock topLock() {
      return lock;
    }

    /**
     * Hardware that does not answer, which the log tells of, may go on with the old root; that is
     * part of the new one. So the new one is kept whatever comes: some device may use it by now.
     */
    @Override
    public void changeTop(long root, int topLevel) {
      for (Attachment attachment : attachments()) {
        despiteTimeout(() -> writeEntry(attachment, root, topLevel + 1, !attachment.nested()));
      }
      despiteTimeout(() -> context.invalidations().rootChanged(attachments()));
    }

    private static void despiteTimeout(Runnable step) {
      try {
        step.run();
      } catch (IommuException e) {
        if (e.errno() != Errno.EIO) {
          throw e;
        }
      }
    }
  }

  /**
   * Has hardware record in the table what devices write, or stop it; devices that come later are
   * included.
   *
   * @throws IommuException EOPNOTSUPP if an IOMMU can't
   */
  public void setDirtyTracking(boolean on) {
    if (!context.features().hasDirtyTracking()) {
      throw new IommuException(Errno.EOPNOTSUPP, "the IOMMUs do not record writes");
    }
    lock.lock();
    try {
      if (dirtyTracking != on) {
        dirtyTracking = on;
        attachments().forEach(attachment -> attachment.device().setDirtyTracking(on));
        if (!attachments().isEmpty()) {
          context.invalidations().dirtyToggled(attachments());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * An IOMMU for a guest whose physical addresses are this domain's.
   *
   * @throws IommuException EOPNOTSUPP if an IOMMU can't
   */
  public VirtualIommu newVirtualIommu() {
    if (!context.features().hasNesting()) {
      throw new IommuException(Errno.EOPNOTSUPP, "the IOMMUs do not walk a guest's tables over v1");
    }
    return new VirtualIommu(context, this);
  }

  @Override
  public String toString() {
    return "v1 domain %d".formatted(id);
  }
}
