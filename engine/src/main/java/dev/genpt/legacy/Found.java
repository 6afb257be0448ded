package dev.genpt.legacy;

/**
 * Where a lookup ended.
 *
 * @param slot first slot of the entry, or {@link #NONE}
 * @param size bytes that the entry, or the empty item at the end of the walk, stands for
 * @param items items of the entry
 */
record Found(long slot, long size, int items) {
  /** The slot of no entry. */
  static final long NONE = -1;

  /** No entry, where an item of 2^{@code sizeLg2} bytes is empty. */
  static Found nothing(int sizeLg2) {
    return new Found(NONE, 1L << sizeLg2, 1);
  }

  /** An entry of one item. */
  static Found item(long slot, int sizeLg2) {
    return new Found(slot, 1L << sizeLg2, 1);
  }

  boolean isNothing() {
    return slot == NONE;
  }
}
