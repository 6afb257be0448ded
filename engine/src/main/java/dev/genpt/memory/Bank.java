package dev.genpt.memory;

/**
 * Where {@link PhysicalMemory#BANK_BYTES} of {@link PhysicalMemory} are stored. Walks keep the bank
 * of the table that they come from, since most often the next one is in it too.
 *
 * <p>Threads: immutable, but for the words; see {@link PhysicalMemory}.
 */
public final class Bank {
  private final long[] words;
  private final long first;
  private final long bytes;

  /** A bank with RAM in {@code [first, first + bytes)}, all of it in the block of the bank. */
  Bank(long[] words, long first, long bytes) {
    this.words = words;
    this.first = first;
    this.bytes = bytes;
  }

  /** The storage; the word of {@code pa} is at {@link PhysicalMemory#wordIndex}. */
  public long[] words() {
    return words;
  }

  /**
   * True if {@code pa} is known to be RAM of this bank; where it is false, memory must be asked.
   */
  public boolean holds(long pa) {
    return Long.compareUnsigned(pa - first, bytes) < 0;
  }
}
