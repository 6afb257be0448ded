package dev.genpt.amd.driver;

import dev.genpt.bits.Log2;
import dev.genpt.table.IotlbGather;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the IOMMUs and devices must forget after each kind of change: a method a reason.
 *
 * <p>Threads: any, several at a time. Open for the tests alone, which leave out one after the other
 * to see that it is missed.
 */
class Invalidations {
  /** The last address of a whole domain; the range begins at 0. */
  private static final long LAST_OF_ALL = Long.MAX_VALUE - 1;

  private final boolean npCache;

  /**
   * The invalidations of a machine.
   *
   * @param npCache true if an IOMMU caches what is not present
   */
  Invalidations(boolean npCache) {
    this.npCache = npCache;
  }

  // ---- Translations

  /** {@code [first, last]} was mapped. */
  void mapped(PagingDomain domain, long first, long last) {
    if (npCache) {
      forget(domain.attachments(), first, last);
    }
  }

  /** {@code [first, last]} was unmapped, or its tables were replaced or its dirty bits cleared. */
  void unmapped(PagingDomain domain, long first, long last) {
    forget(domain.attachments(), first, last);
  }

  /** Dirty bits were cleared. */
  void dirtyCleared(PagingDomain domain, IotlbGather gather) {
    domain.space().sync(gather);
  }

  /** Everything that was unmapped until now may be used again. */
  void flushQueued(PagingDomain domain) {
    forgetAll(domain.attachments());
  }

  /** Dirty tracking was turned on or off. */
  void dirtyToggled(List<Attachment> attachments) {
    forgetAll(attachments);
  }

  /** A device left. */
  void detached(Attachment attachment) {
    forgetAll(List.of(attachment));
  }

  /** The table of a PASID was set or taken away. */
  void pasidChanged(Attachment attachment) {
    forgetAll(List.of(attachment));
  }

  /** Nothing uses an identifier any more: guest translations under it go too. */
  void domainRetired(Iommu iommu, int domainId) {
    forgetPages(iommu, domainId, InvalidationSpace.HOST, InvalidationRange.EVERYTHING);
    iommu.commands().completionWait();
  }

  // ---- Device table

  /** An entry is not what it was; waits. */
  void entryWritten(PciDevice device, int requesterId) {
    forgetEntry(device, requesterId);
    device.iommu().commands().completionWait();
  }

  /** The entry of a device and those of its aliases are not what they were; waits. */
  void entriesWritten(PciDevice device) {
    device.requesterIds().forEach(id -> forgetEntry(device, id));
    if (device.atsIsOn()) {
      forgetDeviceIotlb(device, InvalidationSpace.HOST, InvalidationRange.EVERYTHING);
    }
    device.iommu().commands().completionWait();
  }

  /** The root changed, and the entries were written. */
  void rootChanged(List<Attachment> attachments) {
    for (Attachment attachment : attachments) {
      PciDevice device = attachment.device();
      device.requesterIds().forEach(id -> forgetEntry(device, id));
    }
    waitForAll(attachments);
  }

  /**
   * An IOMMU was turned on, or every entry changed.
   *
   * @param domains one more than the highest identifier that may be in its caches
   */
  void everything(Iommu iommu, DeviceTable table, int domains) {
    CommandQueue commands = iommu.commands();
    if (iommu.features().hasInvalidateAll()) {
      commands.add(Command.invalidateAll());
      commands.completionWait();
      return;
    }
    for (int id = 0; id < table.size(); id++) {
      commands.add(Command.invalidateDeviceEntry(id));
    }
    commands.completionWait();
    for (int id = 0; id < table.size(); id++) {
      commands.add(Command.invalidateInterruptTable(id));
    }
    commands.completionWait();
    for (int id = 0; id < Math.max(domains, table.size()); id++) {
      commands.add(
          Command.invalidatePages(id, InvalidationSpace.HOST, InvalidationRange.EVERYTHING));
    }
    commands.completionWait();
  }

  /** What a device keeps itself may be anything. */
  void deviceRestarted(PciDevice device) {
    if (device.atsIsOn()) {
      forgetDeviceIotlb(device, InvalidationSpace.HOST, InvalidationRange.EVERYTHING);
      for (int pasid : device.pasidsInUse()) {
        forgetDeviceIotlb(device, InvalidationSpace.ofPasid(pasid), InvalidationRange.EVERYTHING);
      }
    }
  }

  // ---- Single commands

  void forgetEntry(PciDevice device, int requesterId) {
    device.iommu().commands().add(Command.invalidateDeviceEntry(requesterId));
  }

  void forgetPages(Iommu iommu, int domainId, InvalidationSpace space, InvalidationRange range) {
    iommu.commands().add(Command.invalidatePages(domainId, space, range));
  }

  void forgetDeviceIotlb(PciDevice device, InvalidationSpace space, InvalidationRange range) {
    device
        .iommu()
        .commands()
        .add(
            Command.invalidateDeviceIotlb(device.deviceId(), device.atsQueueDepth(), space, range));
  }

  void waitForAll(Collection<Attachment> attachments) {
    Set<Iommu> iommus = new LinkedHashSet<>();
    attachments.forEach(attachment -> iommus.add(attachment.device().iommu()));
    iommus.forEach(iommu -> iommu.commands().completionWait());
  }

  private void forgetAll(List<Attachment> attachments) {
    forget(attachments, 0, LAST_OF_ALL);
  }

  /**
   * Has everyone forget {@code [first, last]} and waits. One block that covers it does, unless what
   * is beside it would then be announced too.
   */
  private void forget(List<Attachment> attachments, long first, long last) {
    if (npCache) {
      long block = first;
      do {
        long next = block + Log2.toValue(InvalidationRange.firstBlockLg2(block, last));
        forgetBlock(attachments, InvalidationRange.covering(block, next - 1));
        block = next;
      } while (block != last + 1);
    } else {
      forgetBlock(attachments, InvalidationRange.covering(first, last));
    }
    waitForAll(attachments);
  }

  private void forgetBlock(List<Attachment> attachments, InvalidationRange range) {
    Set<Attachment.Tag> tags = new LinkedHashSet<>();
    attachments.forEach(attachment -> tags.add(attachment.tag()));
    tags.forEach(tag -> forgetPages(tag.iommu(), tag.domainId(), tag.space(), range));
    for (Attachment attachment : attachments) {
      if (attachment.device().atsIsOn()) {
        forgetDeviceIotlb(attachment.device(), attachment.space(), range);
        if (attachment.space().equals(InvalidationSpace.ofPasid(0))) {
          // Requests without a PASID use its table too, and the device keeps them apart.
          forgetDeviceIotlb(attachment.device(), InvalidationSpace.HOST, range);
        }
      }
    }
  }
}
