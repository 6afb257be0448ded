package dev.genpt.memory;

/**
 * Where {@link PhysicalMemory#BANK_BYTES} of {@link PhysicalMemory} are stored. Walks keep the bank
 * of the table that they come from, since most often the next one is in it too.
 *
 * <p>Threads: immutable, but for the words; see {@link PhysicalMemory}.
 */
public final class Bank {
  private final long[] words;
  private final long start;
  private final long ram;

  /**
   * A bank.
   *
   * @param start its first address, RAM or not
   * @param ram bytes from there on that are RAM
   */
  Bank(long[] words, long start, long ram) {
    this.words = words;
    this.start = start;
    this.ram = ram;
  }

  /** The storage; the word of {@code pa} is at {@link PhysicalMemory#wordIndex}. */
  public long[] words() {
    return words;
  }

  /** True if {@code pa} is known to be RAM of this bank; otherwise memory must be asked. */
  public boolean contains(long pa) {
    return Long.compareUnsigned(pa - start, ram) < 0;
  }
}
