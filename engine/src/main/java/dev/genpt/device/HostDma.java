package dev.genpt.device;

import dev.genpt.amd.driver.CoherentBuffer;
import dev.genpt.amd.driver.DmaDirection;
import dev.genpt.amd.driver.DmaMapper;
import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.amd.driver.ScatterMapping;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the driver of a device does with memory: it allocates buffers, maps them for the device and
 * unmaps them, and all of that is in the trace.
 *
 * <p>Threads: any; the trace has the order in which calls returned.
 */
public final class HostDma {
  private final String device;
  private final DmaMapper mapper;
  private final PageAllocator pages;
  private final PageOwner owner;
  private final HostMemory memory;
  private final Trace trace;

  /**
   * The memory of a device's driver.
   *
   * @param device name of the device, for the trace
   * @param mapper of the device's domain
   * @param pages where buffers come from
   */
  public HostDma(String device, DmaMapper mapper, PageAllocator pages, Trace trace) {
    this.device = device;
    this.mapper = mapper;
    this.pages = pages;
    this.trace = trace;
    owner = pages.newOwner("buffers of " + device);
    memory = new HostMemory(pages.memory());
  }

  /** Memory as the CPU sees it. */
  public HostMemory memory() {
    return memory;
  }

  /** The mapper of the device's domain. */
  public DmaMapper mapper() {
    return mapper;
  }

  /**
   * A block of memory that is not mapped.
   *
   * @param sizeLg2 bytes, lg2, 12 to 21
   * @return its physical address
   * @throws IommuException ENOMEM; EINVAL above 2 MiB
   */
  public long allocate(int sizeLg2) {
    return pages.allocate(owner, sizeLg2);
  }

  /** Gives a block of {@link #allocate} back. */
  public void free(long pa) {
    pages.free(owner, pa);
  }

  /**
   * Maps {@code [pa, pa + length)} for the device.
   *
   * @throws IommuException as {@link DmaMapper#map}
   */
  public DmaBuffer map(long pa, long length, DmaDirection direction) {
    DmaBuffer buffer = new DmaBuffer(pa, mapper.map(pa, length, direction), length, direction);
    mapped(buffer);
    return buffer;
  }

  /**
   * Undoes {@link #map}.
   *
   * @throws IommuException as {@link DmaMapper#unmap}
   */
  public void unmap(DmaBuffer buffer) {
    mapper.unmap(buffer.iova(), buffer.length());
    unmapped(buffer, mapper.isLazy() ? TraceEntry.QUEUED : TraceEntry.OK);
  }

  /**
   * Zeroed memory that the device and the CPU use together.
   *
   * @throws IommuException as {@link DmaMapper#allocateCoherent}
   */
  public DmaBuffer allocateCoherent(long length) {
    CoherentBuffer made = mapper.allocateCoherent(length);
    DmaBuffer buffer =
        new DmaBuffer(made.pa(), made.dmaAddress(), made.length(), DmaDirection.BIDIRECTIONAL);
    mapped(buffer);
    return buffer;
  }

  /** Undoes {@link #allocateCoherent}; no device reaches the memory afterwards. */
  public void freeCoherent(DmaBuffer buffer) {
    mapper.freeCoherent(new CoherentBuffer(buffer.pa(), buffer.iova(), buffer.length()));
    unmapped(buffer, TraceEntry.OK);
  }

  /** As {@link DmaMapper#mapScatter}. */
  MappedScatter mapScatter(List<DmaSegment> list, DmaDirection direction) {
    ScatterMapping mapping = mapper.mapScatter(list, direction);
    List<DmaBuffer> pieces = new ArrayList<>();
    int segment = 0;
    long inside = 0;
    for (DmaSegment piece : list) {
      if (inside == mapping.segments().get(segment).length()) {
        segment++;
        inside = 0;
      }
      long iova = mapping.segments().get(segment).address() + inside;
      pieces.add(new DmaBuffer(piece.address(), iova, piece.length(), direction));
      inside += piece.length();
    }
    pieces.forEach(this::mapped);
    return new MappedScatter(mapping, List.copyOf(pieces));
  }

  /** As {@link DmaMapper#unmapScatter}. */
  void unmapScatter(MappedScatter scatter) {
    mapper.unmapScatter(scatter.mapping());
    scatter
        .pieces()
        .forEach(piece -> unmapped(piece, mapper.isLazy() ? TraceEntry.QUEUED : TraceEntry.OK));
  }

  private void mapped(DmaBuffer buffer) {
    note(TraceEntry.Kind.MAP, buffer, TraceEntry.OK);
  }

  private void unmapped(DmaBuffer buffer, String result) {
    note(TraceEntry.Kind.UNMAP, buffer, result);
  }

  private void note(TraceEntry.Kind kind, DmaBuffer buffer, String result) {
    trace.add(
        device,
        kind,
        buffer.iova(),
        buffer.length(),
        OptionalLong.of(buffer.pa()),
        buffer.protection(),
        result);
  }
}
