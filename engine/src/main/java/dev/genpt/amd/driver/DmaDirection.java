package dev.genpt.amd.driver;

import dev.genpt.table.Protection;

/** Which way data goes between memory and a device. */
public enum DmaDirection {
  /** The device reads memory. */
  TO_DEVICE(Protection.READ),
  /** The device writes memory. */
  FROM_DEVICE(Protection.WRITE),
  /** Both. */
  BIDIRECTIONAL(Protection.READ_WRITE);

  private final int protection;

  DmaDirection(int protection) {
    this.protection = protection;
  }

  /** What the mapping must allow; accesses are coherent with the CPU caches. */
  int protection() {
    return protection | Protection.CACHE;
  }
}
