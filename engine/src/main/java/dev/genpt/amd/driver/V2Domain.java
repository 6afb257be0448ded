package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.format.X86_64;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Feature;

/**
 * An address space with a guest (v2) page table: for a device as its PASID 0, which serves requests
 * without a PASID too, or for one PASID of a device.
 *
 * <p>Each device has an identifier of its own, since its PASIDs are tagged under it.
 *
 * <p>Threads: as {@link PagingDomain}.
 */
public final class V2Domain extends PagingDomain {
  private static final int FOUR_LEVEL_VA_LG2 = 47;
  private static final int FIVE_LEVEL_VA_LG2 = 56;
  private static final int OA_LG2 = 52;

  private final IommuDomain space;

  /**
   * An empty address space, of 47 or 56 bits: those that mean the same with and without sign.
   *
   * @throws IommuException EOPNOTSUPP without guest translation, ENOMEM
   */
  V2Domain(DriverContext context) {
    super(context);
    if (!context.features().hasGuestTables()) {
      throw new IommuException(
          Errno.EOPNOTSUPP, "the IOMMUs do not walk guest tables for requests without a PASID");
    }
    int levels = context.guestLevels();
    space =
        create(
            DomainConfig.of(X86_64.DEFINITION, context.pages())
                .name("v2 domain")
                .features(
                    X86_64.ENCRYPT_TABLES,
                    context.npCache() ? Feature.FLUSH_RANGE_NO_GAPS : Feature.FLUSH_RANGE)
                .widths(levels == 4 ? FOUR_LEVEL_VA_LG2 : FIVE_LEVEL_VA_LG2, OA_LG2)
                .topLevel(levels - 1));
  }

  @Override
  public IommuDomain space() {
    return space;
  }

  @Override
  void join(PciDevice device) {
    device.createGcr3();
    boolean done = false;
    try {
      device.gcr3().set(0, space.hardwareInfo().root());
      done = true;
    } finally {
      if (!done) {
        device.dropGcr3();
      }
    }
    device.turnAtsOn();
    DeviceTableEntry entry =
        device.withGcr3(DeviceTableEntry.identity(device.ownDomainId())).withPasidZeroForAll();
    lock.lock();
    try {
      add(attachment(device, 0));
      device.writeEntry(entry, true);
    } finally {
      lock.unlock();
    }
  }

  @Override
  void leave(PciDevice device) {
    device.detachPasids();
    device.turnAtsOff();
    lock.lock();
    try {
      Attachment attachment = attachment(device, 0);
      device.block();
      context.invalidations().detached(attachment);
      remove(attachment);
    } finally {
      lock.unlock();
    }
    device.gcr3().clear(0);
    device.dropGcr3();
  }

  /** Becomes the address space of a PASID; under the device's lock. */
  void joinPasid(PciDevice device, int pasid) {
    lock.lock();
    try {
      Attachment attachment = attachment(device, pasid);
      device.gcr3().set(pasid, space.hardwareInfo().root());
      add(attachment);
      context.invalidations().pasidChanged(attachment);
    } finally {
      lock.unlock();
    }
  }

  /** Stops being the address space of a PASID; under the device's lock. */
  void leavePasid(PciDevice device, int pasid) {
    lock.lock();
    try {
      Attachment attachment = attachment(device, pasid);
      device.gcr3().clear(pasid);
      context.invalidations().pasidChanged(attachment);
      remove(attachment);
    } finally {
      lock.unlock();
    }
  }

  private static Attachment attachment(PciDevice device, int pasid) {
    return new Attachment(device, device.ownDomainId(), InvalidationSpace.ofPasid(pasid), false);
  }

  @Override
  public String toString() {
    return "v2 domain";
  }
}
