package dev.genpt.amd.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * How memory is to be mapped for the devices of a domain; to be filled in and given to {@link
 * DmaMapper#create}.
 *
 * <p>Starts strict, for devices that send 64 address bits, with segments of any length and one CPU.
 * Not thread-safe.
 */
public final class DmaConfig {
  final PagingDomain domain;
  boolean lazy;
  DriverClock clock = DriverClock.system();
  long dmaMask = -1L;
  long boundaryMask = 0xffff_ffffL;
  long mostSegmentBytes = Long.MAX_VALUE;
  int cpuCount = 1;
  IntSupplier cpu = () -> 0;
  final List<DmaSegment> direct = new ArrayList<>();

  private DmaConfig(PagingDomain domain) {
    this.domain = domain;
  }

  /** The configuration to start from. */
  public static DmaConfig of(PagingDomain domain) {
    return new DmaConfig(domain);
  }

  /**
   * Unmapped ranges are invalidated together, later: faster, but until then devices still reach
   * them. Ignored where hardware caches what is not present.
   */
  public DmaConfig lazy() {
    lazy = true;
    return this;
  }

  /** Time, for ranges that wait. */
  public DmaConfig clock(DriverClock newClock) {
    clock = newClock;
    return this;
  }

  /** The addresses that every device of the domain can send. */
  public DmaConfig dmaMask(long mask) {
    dmaMask = mask;
    return this;
  }

  /**
   * What the devices' scatter lists can hold.
   *
   * @param boundary all ones: no segment crosses a multiple of one more than that
   * @param mostBytes of a segment
   */
  public DmaConfig segments(long boundary, long mostBytes) {
    boundaryMask = boundary;
    mostSegmentBytes = mostBytes;
    return this;
  }

  /**
   * The CPUs that map and unmap.
   *
   * @param current tells the one that runs the calling thread, 0 to {@code count - 1}
   */
  public DmaConfig cpus(int count, IntSupplier current) {
    cpuCount = count;
    cpu = current;
    return this;
  }

  /**
   * Memory that firmware wants mapped at its own address, readable and writable.
   *
   * @param region whole pages
   */
  public DmaConfig direct(DmaSegment region) {
    direct.add(region);
    return this;
  }
}
