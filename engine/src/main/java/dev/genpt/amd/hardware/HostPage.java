package dev.genpt.amd.hardware;

import dev.genpt.bits.Log2;

/**
 * A leaf of a host table.
 *
 * @param base system physical address of its first byte
 * @param sizeLg2 bytes, lg2
 * @param rights what the entries on the way to it allow, without the device's own
 * @param forceCoherent its FC bit
 * @param untranslatedOnly its U bit
 * @param written true if a write need not mark it anymore
 */
record HostPage(
    long base,
    int sizeLg2,
    int rights,
    boolean forceCoherent,
    boolean untranslatedOnly,
    boolean written)
    implements HostStage.Result, Caches.Remembered {
  /** Without a host table every address is its own. */
  static final HostPage IDENTITY =
      new HostPage(0, Long.SIZE, Rights.READ | Rights.WRITE, false, false, true);

  /** Where {@code input}, an address of this page, is. */
  long address(long input) {
    return base | Log2.mod(input, sizeLg2);
  }
}
