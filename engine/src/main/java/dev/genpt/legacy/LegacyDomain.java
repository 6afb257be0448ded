package dev.genpt.legacy;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.DirtyRecorder;

/**
 * An address space on an old engine, behind the interface that drivers had: a request is cut into
 * runs of one page size, and each run is a call of the engine that starts at the root again.
 *
 * <p>Threads: as {@link IoPageTable}. Source: upstream {@code iommu_map} and {@code iommu_unmap} as
 * they were before the generic page table.
 */
public final class LegacyDomain implements AutoCloseable {
  private final IoPageTable engine;
  private final long pageSizes;

  /** The address space of {@code engine}, which is closed with it. */
  public LegacyDomain(IoPageTable engine) {
    this.engine = engine;
    pageSizes = engine.pageSizes();
  }

  /** The engine, for those who look inside. */
  public IoPageTable engine() {
    return engine;
  }

  /** Page sizes in use: bit n = pages of 2^n bytes. */
  public long pageSizeBitmap() {
    return pageSizes;
  }

  /**
   * Maps {@code [iova, iova + length)} to {@code pa} and on; on an error what was mapped is
   * unmapped again.
   *
   * @throws IommuException as {@link #mapRange}, with 0 bytes done
   */
  public void map(long iova, long pa, long length, int protection) {
    try {
      mapRange(iova, pa, length, protection);
    } catch (IommuException e) {
      if (e.bytesDone() != 0) {
        unmap(iova, e.bytesDone());
      }
      throw e.bytesDone() == 0 ? e : e.withBytesDone(0);
    }
  }

  /**
   * Maps as far as it gets. A length of 0 does nothing.
   *
   * @throws IommuException with the bytes mapped, which stay: EINVAL if the smallest page does not
   *     divide the addresses and the length; else what the engine says
   */
  public void mapRange(long iova, long pa, long length, int protection) {
    if (!isAligned(iova | pa | length)) {
      throw new IommuException(
          Errno.EINVAL,
          iova,
          0,
          "input address %#x, output address %#x, length %#x: not multiples of the smallest page %#x"
              .formatted(iova, pa, length, Long.lowestOneBit(pageSizes)));
    }
    long done = 0;
    while (done != length) {
      long left = length - done;
      int sizeLg2 = PageChoice.sizeLg2(pageSizes, iova + done, pa + done, left);
      long count = PageChoice.count(pageSizes, iova + done, pa + done, left, sizeLg2);
      try {
        done += engine.mapPages(iova + done, pa + done, Log2.toValue(sizeLg2), count, protection);
      } catch (IommuException e) {
        throw e.withBytesDone(done + e.bytesDone());
      }
    }
  }

  /** Unmaps, and invalidates; the bytes that are gone, which may be more than {@code length}. */
  public long unmap(long iova, long length) {
    LegacyGather gather = new LegacyGather(false);
    long unmapped = unmap(iova, length, gather);
    sync(gather);
    return unmapped;
  }

  /**
   * Unmaps into {@code gather}, for {@link #sync} later; the bytes that are gone. 0 if the smallest
   * page does not divide the address and the length.
   */
  public long unmap(long iova, long length, LegacyGather gather) {
    if (!isAligned(iova | length)) {
      return 0;
    }
    long done = 0;
    while (Long.compareUnsigned(done, length) < 0) {
      long at = iova + done;
      long left = length - done;
      int sizeLg2 = PageChoice.sizeLg2(pageSizes, at, at, left);
      long count = PageChoice.count(pageSizes, at, at, left, sizeLg2);
      long unmapped = engine.unmapPages(at, Log2.toValue(sizeLg2), count, gather);
      if (unmapped == 0) {
        break;
      }
      if (gather.isEmpty()) {
        gather.addRange(at, length);
      }
      done += unmapped;
    }
    return done;
  }

  private boolean isAligned(long addresses) {
    return (addresses & (Long.lowestOneBit(pageSizes) - 1)) == 0;
  }

  /** Invalidates what a gather holds, if anything, then frees its tables. */
  public void sync(LegacyGather gather) {
    engine.sync(gather);
  }

  /** The output address, 0 if there is none. */
  public long iovaToPhys(long iova) {
    return engine.iovaToPhys(iova);
  }

  /**
   * Reports, and clears, what the device wrote.
   *
   * @throws IommuException as {@link IoPageTable#readAndClearDirty}
   */
  public void readAndClearDirty(
      long iova, long length, boolean clear, DirtyRecorder recorder, LegacyGather gather) {
    engine.readAndClearDirty(iova, length, clear, recorder, gather);
  }

  /**
   * Marks the item that holds {@code iova} as written; for tests.
   *
   * @throws IommuException as {@link IoPageTable#setDirty}
   */
  public void setDirty(long iova) {
    engine.setDirty(iova);
  }

  /** Frees every table. */
  @Override
  public void close() {
    engine.close();
  }
}
