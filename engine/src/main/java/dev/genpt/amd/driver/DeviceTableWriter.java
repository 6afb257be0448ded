package dev.genpt.amd.driver;

import dev.genpt.memory.PhysicalMemory;

/**
 * Changes a device table entry that hardware may read at any moment.
 *
 * <p>Hardware reads all 256 bits at once, the processor stores 128 at once. So that hardware sees
 * the old entry, the new one, or one that is not valid, the half with V and GV is written last when
 * they are set and first when they are cleared. Where both entries have a GCR3 table and other
 * guest levels, an invalid entry comes in between.
 *
 * <p>Threads: one at a time for an entry; the caller holds the lock of its device. Open for the
 * tests alone, which leave out or swap what follows.
 */
class DeviceTableWriter {
  private final PhysicalMemory memory;

  DeviceTableWriter(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** The entry at {@code pa}. */
  final DeviceTableEntry read(long pa) {
    long[] words = memory.load256(pa);
    return new DeviceTableEntry(words[0], words[1], words[2], words[3]);
  }

  /**
   * Replaces the entry at {@code pa}, whose interrupt fields stay.
   *
   * @param forget makes hardware forget the entry, and waits for it
   */
  final void update(long pa, DeviceTableEntry wanted, Runnable forget) {
    DeviceTableEntry old = read(pa);
    DeviceTableEntry entry = wanted.keepingInterruptsOf(old);
    if (!old.isValid() || (entry.isValid() && !old.hasGuestTables())) {
      storeHigh(pa, entry);
      storeLow(pa, entry);
      forget.run();
    } else if (!entry.isValid() || !entry.hasGuestTables()) {
      storeLow(pa, entry);
      storeHigh(pa, entry);
      forget.run();
    } else if (old.guestLevelCode() != entry.guestLevelCode()) {
      storeLow(pa, DeviceTableEntry.EMPTY);
      forget.run();
      storeHigh(pa, entry);
      storeLow(pa, entry);
      forget.run();
    } else {
      storeLow(pa, entry);
    }
  }

  /** Replaces the word with HAD, which is good whatever the rest says. */
  final void storeFirstWord(long pa, DeviceTableEntry entry) {
    memory.write64Release(pa, entry.q0());
  }

  void storeLow(long pa, DeviceTableEntry entry) {
    memory.store128(pa, entry.q0(), entry.q1());
  }

  void storeHigh(long pa, DeviceTableEntry entry) {
    memory.store128(pa + 16, entry.q2(), entry.q3());
  }
}
