package dev.genpt.amd.hardware;

import dev.genpt.bits.Log2;

/**
 * A leaf of a guest table, or as much of it as one host page holds.
 *
 * @param guestBase guest physical address of its first byte
 * @param base system physical address of its first byte
 * @param sizeLg2 bytes, lg2
 * @param rights what the guest's entries allow
 * @param host the host page below; where it is larger, this page is a part of it
 * @param written true if a write need not mark anything anymore
 */
record GuestPage(long guestBase, long base, int sizeLg2, int rights, HostPage host, boolean written)
    implements GuestStage.Result, Caches.Remembered {
  /** Where {@code input}, an address of this page, is. */
  long address(long input) {
    return base | Log2.mod(input, sizeLg2);
  }

  /** The guest physical address of {@code input}, an address of this page. */
  long guestAddress(long input) {
    return guestBase | Log2.mod(input, sizeLg2);
  }
}
