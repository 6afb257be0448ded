package dev.genpt.device;

import dev.genpt.amd.driver.DmaDirection;
import java.util.List;

/**
 * Random work for a device of a {@link Machine}, by the machine's seed, and its driver. What
 * arrives is compared with what was sent.
 *
 * <p>Threads: one at a time.
 */
public abstract sealed class Traffic implements AutoCloseable permits NicTraffic, NvmeTraffic {
  private static final int FOREIGN_LG2 = 21;

  private final DmaDevice device;
  private final HostDma other;
  private long in;
  private long out;
  private long bytes;
  private long damaged;

  /**
   * What was moved so far.
   *
   * @param in frames or requests towards memory
   * @param out those from memory
   * @param bytes in all of them
   * @param damaged those that did not arrive as they were sent, or not at all
   */
  public record Tally(long in, long out, long bytes, long damaged) {}

  /**
   * Traffic of a device.
   *
   * @param other the memory of another device
   */
  Traffic(DmaDevice device, HostDma other) {
    this.device = device;
    this.other = other;
  }

  /** Moves some data, in several buffers at a time, both ways. */
  public abstract void round();

  /** What stays mapped: rings or queues. */
  public abstract List<DmaBuffer> standing();

  /** The data buffers that are mapped now. */
  public abstract List<DmaBuffer> posted();

  /** Has the device fill a buffer, which stays mapped. */
  abstract void moveIn();

  /** Has the device read a buffer, which stays mapped. */
  abstract void moveOut();

  /** Has the driver unmap the buffers that the device is done with. */
  abstract void collect();

  /** Stops the device, and gives all memory back. */
  @Override
  public abstract void close();

  /** The device that works. */
  public final DmaDevice device() {
    return device;
  }

  /** What was moved so far. */
  public final Tally tally() {
    return new Tally(in, out, bytes, damaged);
  }

  final void countIn(long moved, boolean intact) {
    in++;
    count(moved, intact);
  }

  final void countOut(long moved, boolean intact) {
    out++;
    count(moved, intact);
  }

  private void count(long moved, boolean intact) {
    bytes += moved;
    damaged += intact ? 0 : 1;
  }

  /**
   * Has the device misbehave once, at a moment when that is what {@code how} says: what it uses
   * after it was unmapped was unmapped just before, and so on.
   *
   * @return true if the IOMMU let it
   */
  public final boolean provoke(Misbehaviour how) {
    switch (how) {
      case WRITE_PAST_BUFFER -> moveIn();
      case USE_AFTER_UNMAP -> {
        moveIn();
        collect();
      }
      case WRONG_DIRECTION -> moveOut();
      case FOREIGN_ADDRESS -> {
        return useForeignAddress();
      }
    }
    boolean passed = device.misbehave(how, 0);
    collect();
    return passed;
  }

  /** The other device gets a buffer so large that its address is none of this one's. */
  private boolean useForeignAddress() {
    long pa = other.allocate(FOREIGN_LG2);
    DmaBuffer buffer = other.map(pa, 1L << FOREIGN_LG2, DmaDirection.BIDIRECTIONAL);
    boolean passed = device.misbehave(Misbehaviour.FOREIGN_ADDRESS, buffer.iova());
    other.unmap(buffer);
    other.mapper().flush();
    other.free(pa);
    return passed;
  }
}
