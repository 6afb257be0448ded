package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * Physical addresses, untranslated.
 *
 * <p>A device that can send PASIDs gets a GCR3 table, and an identifier of its own with it, so that
 * its PASIDs can be given tables.
 *
 * <p>Threads: any.
 */
final class IdentityDomain extends Domain {
  private final DriverContext context;
  private final int id;

  IdentityDomain(DriverContext context) {
    this.context = context;
    id = context.ids().allocate();
  }

  @Override
  void check(PciDevice device) {
    if (context.features().hasSnp()) {
      throw new IommuException(
          Errno.EINVAL, "%s: no physical addresses for devices where SNP is on".formatted(device));
    }
  }

  @Override
  void join(PciDevice device) {
    DeviceTableEntry entry = DeviceTableEntry.identity(id);
    if (device.hasPasids()) {
      device.createGcr3();
      entry = device.withGcr3(DeviceTableEntry.identity(device.ownDomainId()));
    }
    device.turnAtsOn();
    device.writeEntry(entry, true);
  }

  @Override
  void leave(PciDevice device) {
    device.detachPasids();
    device.turnAtsOff();
    device.block();
    int tag = device.hasGcr3() ? device.ownDomainId() : id;
    context.invalidations().detached(new Attachment(device, tag, InvalidationSpace.HOST, false));
    device.dropGcr3();
  }

  @Override
  public String toString() {
    return "identity";
  }
}
