package dev.genpt.device;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * A ring of entries in memory, as one side sees it: work lies from head to before tail. One entry
 * stays unused, so that full and empty differ.
 *
 * <p>Threads: one at a time.
 */
final class Ring {
  private final long base;
  private final int entries;
  private final int entryBytes;
  private int head;
  private int tail;

  /** An empty ring at {@code base}. */
  Ring(long base, int entries, int entryBytes) {
    this.base = base;
    this.entries = entries;
    this.entryBytes = entryBytes;
  }

  int head() {
    return head;
  }

  int tail() {
    return tail;
  }

  boolean isEmpty() {
    return head == tail;
  }

  /** Entries that can still be added. */
  int room() {
    return Math.floorMod(head - tail - 1, entries);
  }

  /** The entry behind {@code index}. */
  int next(int index) {
    return (index + 1) % entries;
  }

  /** Where an entry begins. */
  long slot(int index) {
    return base + (long) index * entryBytes;
  }

  void advanceHead() {
    head = next(head);
  }

  void advanceTail() {
    tail = next(tail);
  }

  /**
   * The other side has used what lies before {@code index}.
   *
   * @throws IommuException EINVAL if there is no such entry
   */
  void setHead(int index) {
    head = checked(index);
  }

  /** The other side has added what lies before {@code index}; as {@link #setHead}. */
  void setTail(int index) {
    tail = checked(index);
  }

  private int checked(int index) {
    if (index < 0 || index >= entries) {
      throw new IommuException(
          Errno.EINVAL, "doorbell %d: the ring has entries 0 to %d".formatted(index, entries - 1));
    }
    return index;
  }
}
