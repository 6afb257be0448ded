package dev.genpt.amd.driver;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageOwner;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The DMA interface of drivers: memory in, addresses for the device out.
 *
 * <p>Strict: when {@code unmap} returns, no device reaches the memory any more. Lazy: some time
 * after; until then neither addresses nor tables are used again.
 *
 * <p>Threads: any, several at a time, for the same device too. Source of the rules: upstream {@code
 * dma-iommu.c}.
 */
public final class DmaMapper {
  private static final DmaSegment MSI_WINDOW = new DmaSegment(0xfee0_0000L, 0x10_0000L);
  private static final DmaSegment HYPER_TRANSPORT = new DmaSegment(0xfd_0000_0000L, 0x3_0000_0000L);

  private final PagingDomain domain;
  private final IommuDomain space;
  private final IovaSpace addresses;
  private final DriverClock clock;
  private final IntSupplier cpu;
  private final int granuleLg2;
  private final long lastAllowed;
  private final long boundaryMask;
  private final long mostSegmentBytes;
  private final PageOwner coherent;

  /** The queues of lazy mode; none in strict mode. */
  private final List<FlushQueue> lazy;

  private DmaMapper(DmaConfig config) {
    domain = config.domain;
    space = domain.space();
    clock = config.clock;
    cpu = config.cpu;
    granuleLg2 = Log2.ffs(space.pageSizeBitmap());
    lastAllowed =
        Long.compareUnsigned(config.dmaMask, space.lastVa()) < 0 ? config.dmaMask : space.lastVa();
    boundaryMask = config.boundaryMask;
    mostSegmentBytes = config.mostSegmentBytes;
    coherent = domain.context.pages().newOwner("coherent DMA memory");
    IovaAllocator allocator = new IovaAllocator(granuleLg2, space.firstVa(), lastAllowed);
    allocator.reserve(MSI_WINDOW.address(), MSI_WINDOW.last());
    if (!domain.context.features().ignoresHyperTransport()) {
      allocator.reserve(HYPER_TRANSPORT.address(), HYPER_TRANSPORT.last());
    }
    for (DmaSegment region : config.direct) {
      space.map(region.address(), region.address(), region.length(), Protection.READ_WRITE);
      allocator.reserve(region.address(), region.last());
    }
    addresses = new IovaSpace(allocator, config.cpuCount);
    lazy =
        config.lazy && !domain.context.npCache()
            ? List.of(new FlushQueue(domain, addresses, clock, config.cpuCount))
            : List.of();
  }

  /**
   * The mapper of a domain; one for all its devices.
   *
   * @throws IommuException as {@link IommuDomain#map} for memory that must be mapped at its own
   *     address
   */
  public static DmaMapper create(DmaConfig config) {
    return new DmaMapper(config);
  }

  /** True if unmapped ranges are invalidated later. */
  public boolean isLazy() {
    return !lazy.isEmpty();
  }

  // ---- Single buffers

  /**
   * Maps {@code [pa, pa + size)}, and with it the rest of the pages that this touches.
   *
   * @return the address for the device
   * @throws IommuException EINVAL for size 0; ENOSPC without addresses; as {@link IommuDomain#map}
   */
  public long map(long pa, long size, DmaDirection direction) {
    checkSize(size);
    long offset = Log2.mod(pa, granuleLg2);
    long length = Log2.alignUp(offset + size, granuleLg2);
    int here = cpu.getAsInt();
    long iova = addresses.allocate(here, length, lastAllowed);
    try {
      space.map(iova, pa - offset, length, direction.protection());
    } catch (IommuException e) {
      addresses.free(here, iova, length);
      throw e;
    }
    return iova + offset;
  }

  /**
   * Undoes {@link #map}.
   *
   * @param address what it returned
   * @param size what it was given
   * @throws IommuException EINVAL if that is not what is mapped there; what was is unmapped, and
   *     its addresses are not used again
   */
  public void unmap(long address, long size) {
    checkSize(size);
    long offset = Log2.mod(address, granuleLg2);
    release(
        List.of(new DmaSegment(address - offset, Log2.alignUp(offset + size, granuleLg2))),
        address - offset,
        Log2.alignUp(offset + size, granuleLg2));
  }

  private static void checkSize(long size) {
    if (size <= 0) {
      throw new IommuException(Errno.EINVAL, "a buffer of %#x bytes".formatted(size));
    }
  }

  /** Unmaps {@code pieces}, whole pages of the block at {@code iova}, and gives the block back. */
  private void release(List<DmaSegment> pieces, long iova, long length) {
    int here = cpu.getAsInt();
    IotlbGather gather = new IotlbGather(isLazy());
    long wanted = 0;
    long unmapped = 0;
    for (DmaSegment piece : pieces) {
      wanted += piece.length();
      unmapped += space.unmap(piece.address(), piece.length(), gather);
    }
    if (unmapped != wanted) {
      space.sync(gather);
      throw new IommuException(
          Errno.EINVAL,
          iova,
          unmapped,
          "input address %#x: unmapped %#x bytes of %#x".formatted(iova, unmapped, wanted));
    }
    if (isLazy()) {
      lazy.getFirst().add(here, iova, length, gather.freelist());
    } else {
      space.sync(gather);
      addresses.free(here, iova, length);
    }
  }

  // ---- Scatter lists

  /**
   * Maps pieces of memory so that the device finds them one after the other, as far as pages and
   * its own limits allow.
   *
   * @throws IommuException as {@link #map}; nothing is then mapped
   */
  public ScatterMapping mapScatter(List<DmaSegment> memory, DmaDirection direction) {
    List<DmaSegment> places = place(memory);
    long length = places.isEmpty() ? 0 : end(places.getLast());
    checkSize(length);
    int here = cpu.getAsInt();
    long iova = addresses.allocate(here, length, lastAllowed);
    List<DmaSegment> mapped = new ArrayList<>();
    try {
      for (int i = 0; i < places.size(); i++) {
        DmaSegment page = new DmaSegment(iova + places.get(i).address(), places.get(i).length());
        long pa = Log2.alignDown(memory.get(i).address(), granuleLg2);
        space.map(page.address(), pa, page.length(), direction.protection());
        mapped.add(page);
      }
    } catch (IommuException e) {
      if (!mapped.isEmpty()) {
        release(mapped, iova, length);
      } else {
        addresses.free(here, iova, length);
      }
      throw e;
    }
    return new ScatterMapping(join(memory, mapped), iova, length);
  }

  private static long end(DmaSegment segment) {
    return segment.address() + segment.length();
  }

  /**
   * Where in the block each piece goes, in whole pages: behind the one before, or behind the next
   * boundary that it would cross.
   */
  private List<DmaSegment> place(List<DmaSegment> memory) {
    List<DmaSegment> places = new ArrayList<>();
    long at = 0;
    for (DmaSegment piece : memory) {
      checkSize(piece.length());
      long offset = Log2.mod(piece.address(), granuleLg2);
      long length = Log2.alignUp(offset + piece.length(), granuleLg2);
      long toBoundary = (boundaryMask - at + 1) & boundaryMask;
      if (toBoundary != 0 && Long.compareUnsigned(toBoundary, length) < 0) {
        at += toBoundary;
      }
      places.add(new DmaSegment(at, length));
      at += length;
    }
    return places;
  }

  /** What the device is told: pieces that touch are one, within its limits. */
  private List<DmaSegment> join(List<DmaSegment> memory, List<DmaSegment> mapped) {
    List<DmaSegment> segments = new ArrayList<>();
    for (int i = 0; i < mapped.size(); i++) {
      long offset = Log2.mod(memory.get(i).address(), granuleLg2);
      DmaSegment next = new DmaSegment(mapped.get(i).address() + offset, memory.get(i).length());
      if (!segments.isEmpty() && canJoin(segments.getLast(), next)) {
        DmaSegment last = segments.removeLast();
        next = new DmaSegment(last.address(), last.length() + next.length());
      }
      segments.add(next);
    }
    return segments;
  }

  private boolean canJoin(DmaSegment last, DmaSegment next) {
    long joined = last.length() + next.length();
    return end(last) == next.address()
        && joined <= mostSegmentBytes
        && (last.address() & ~boundaryMask) == (next.last() & ~boundaryMask);
  }

  /**
   * Undoes {@link #mapScatter}.
   *
   * @throws IommuException as {@link #unmap}
   */
  public void unmapScatter(ScatterMapping mapping) {
    List<DmaSegment> pieces = new ArrayList<>();
    for (DmaSegment segment : mapping.segments()) {
      long first = Log2.alignDown(segment.address(), granuleLg2);
      long last = Log2.setModMax(segment.last(), granuleLg2);
      pieces.add(new DmaSegment(first, last - first + 1));
    }
    release(pieces, mapping.iova(), mapping.length());
  }

  // ---- Memory for both

  /**
   * Zeroed memory that stays mapped for reads and writes.
   *
   * @param length bytes, at most 2 MiB
   * @throws IommuException as {@link #map}; EINVAL above 2 MiB; ENOMEM
   */
  public CoherentBuffer allocateCoherent(long length) {
    checkSize(length);
    int sizeLg2 = Math.max(granuleLg2, Log2.fls(length - 1));
    long pa = domain.context.pages().allocate(coherent, sizeLg2);
    try {
      return new CoherentBuffer(pa, map(pa, length, DmaDirection.BIDIRECTIONAL), length);
    } catch (IommuException e) {
      domain.context.pages().free(coherent, pa);
      throw e;
    }
  }

  /**
   * Undoes {@link #allocateCoherent}; the memory is used again only when no device reaches it.
   *
   * @throws IommuException as {@link #unmap}
   */
  public void freeCoherent(CoherentBuffer buffer) {
    unmap(buffer.dmaAddress(), buffer.length());
    flush();
    domain.context.pages().free(coherent, buffer.pa());
  }

  // ---- Time

  /** Does what is due now: to be called every few milliseconds of the clock. */
  public void runTimers() {
    long now = clock.microseconds();
    lazy.forEach(queue -> queue.runTimers(now));
    addresses.runTimers(now);
  }

  /** Invalidates and releases all that waits: no device reaches any of it afterwards. */
  public void flush() {
    lazy.forEach(FlushQueue::drain);
  }
}
