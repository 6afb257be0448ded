package dev.genpt.device;

import dev.genpt.amd.driver.DmaDirection;
import dev.genpt.table.Protection;

/**
 * Memory that is mapped for a device: one place, three addresses.
 *
 * @param pa where it is: its physical address
 * @param iova what the device calls it
 * @param length bytes
 * @param direction which way data goes
 */
public record DmaBuffer(long pa, long iova, long length, DmaDirection direction) {
  /** Where Linux on x86-64 maps all physical memory for itself, with four levels. */
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;

  /** What the kernel calls it: a virtual address of the CPU, which no device knows. */
  public long cpuAddress() {
    return DIRECT_MAP + pa;
  }

  /** What the device may do, as {@link Protection} bits. */
  public int protection() {
    return switch (direction) {
      case TO_DEVICE -> Protection.READ;
      case FROM_DEVICE -> Protection.WRITE;
      case BIDIRECTIONAL -> Protection.READ_WRITE;
    };
  }
}
