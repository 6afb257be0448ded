package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.DirtyRecorder;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.IommuDriver;
import dev.genpt.table.IotlbGather;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An address space with a page table, and the devices that use it.
 *
 * <p>Threads: as {@link IommuDomain}, whose callbacks do the invalidations; devices may come and go
 * meanwhile.
 */
public abstract sealed class PagingDomain extends Domain implements AutoCloseable
    permits V1Domain, V2Domain {
  final DriverContext context;

  /** Held while devices come and go and while the root changes. */
  final ReentrantLock lock = new ReentrantLock();

  private List<Attachment> attachments = List.of();

  PagingDomain(DriverContext context) {
    this.context = context;
  }

  /** The operations on its addresses: map, unmap and so on. */
  public abstract IommuDomain space();

  /**
   * Frees its tables. Threads: alone.
   *
   * @throws IommuException EBUSY while a device uses it
   */
  @Override
  public void close() {
    if (!attachments().isEmpty()) {
      throw new IommuException(
          Errno.EBUSY, "%s: %d devices use it".formatted(this, attachments().size()));
    }
    space().close();
  }

  /** The kinds of invalidation that a page table asks for, done by those of this domain. */
  final IommuDriver hardware() {
    return new IommuDriver() {
      @Override
      public void iotlbSync(IommuDomain domain, IotlbGather gather) {
        context.invalidations().unmapped(PagingDomain.this, gather.start(), gather.end());
      }

      @Override
      public void flushIotlbAll(IommuDomain domain) {
        context.invalidations().flushQueued(PagingDomain.this);
      }

      @Override
      public void iotlbSyncMap(IommuDomain domain, long iova, long length) {
        context.invalidations().mapped(PagingDomain.this, iova, iova + length - 1);
      }
    };
  }

  /** The table, with the page sizes that the driver was told to use. */
  final IommuDomain create(DomainConfig config) {
    IommuDomain created = IommuDomain.create(config.driver(hardware()));
    try {
      created.narrowPageSizes(context.pageSizes());
    } catch (IommuException e) {
      created.close();
      throw e;
    }
    return created;
  }

  /**
   * Who uses the table now. Whoever attaches later finds the table as the caller left it.
   *
   * @return never changes
   */
  final List<Attachment> attachments() {
    lock.lock();
    try {
      return attachments;
    } finally {
      lock.unlock();
    }
  }

  /** Puts one more on the list; under the lock. */
  final void add(Attachment attachment) {
    List<Attachment> more = new ArrayList<>(attachments);
    more.add(attachment);
    attachments = List.copyOf(more);
  }

  /** Takes one off the list; under the lock, after its invalidations. */
  final void remove(Attachment attachment) {
    attachments = attachments.stream().filter(other -> !other.equals(attachment)).toList();
  }

  /** The attachment of a device, which has one. Under the lock. */
  final Attachment attachmentOf(PciDevice device, InvalidationSpace addresses) {
    return attachments.stream()
        .filter(other -> other.device().equals(device) && other.space().equals(addresses))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(device + " is not attached to " + this));
  }

  /**
   * Reports, and clears, what devices wrote in {@code [iova, iova + length)}, and has hardware
   * forget that it recorded this. Threads: as {@link IommuDomain#readAndClearDirty(long, long,
   * boolean, DirtyRecorder, IotlbGather)}.
   *
   * @throws IommuException as there
   */
  public final void readAndClearDirty(long iova, long length, DirtyRecorder recorder) {
    IotlbGather gather = new IotlbGather();
    try {
      space().readAndClearDirty(iova, length, true, recorder, gather);
    } finally {
      context.invalidations().dirtyCleared(this, gather);
    }
  }
}
