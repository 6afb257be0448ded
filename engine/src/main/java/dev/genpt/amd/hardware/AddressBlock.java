package dev.genpt.amd.hardware;

import dev.genpt.bits.Log2;

/**
 * The addresses that an invalidation is about: a naturally aligned power of two, or everything.
 *
 * <pre>
 * S = 0   4 KiB at 63:12
 * S = 1   z = first zero bit from bit 12 upward: 2^(z+1) bytes; bits z:0 are not part of the address
 * </pre>
 *
 * @param first first address
 * @param sizeLg2 bytes, lg2, 12..51; 64 for everything
 */
public record AddressBlock(long first, int sizeLg2) {
  /** All addresses. */
  public static final AddressBlock EVERYTHING = new AddressBlock(0, Long.SIZE);

  private static final int PAGE_LG2 = 12;
  private static final int MAX_LG2 = 52;

  /** The block that the upper word of an invalidation command names, whose bit 0 is S. */
  static AddressBlock of(long q1) {
    if ((q1 & 1) == 0) {
      return new AddressBlock(Log2.alignDown(q1, PAGE_LG2), PAGE_LG2);
    }
    int sizeLg2 = Log2.ffz(q1 | Log2.toMax(PAGE_LG2)) + 1;
    return sizeLg2 >= MAX_LG2 ? EVERYTHING : new AddressBlock(Log2.alignDown(q1, sizeLg2), sizeLg2);
  }

  /** True if there is no address outside. */
  public boolean isEverything() {
    return sizeLg2 == Long.SIZE;
  }

  /** True if {@code address} is in the block. */
  public boolean holds(long address) {
    return Log2.divEqual(first, address, sizeLg2);
  }
}
