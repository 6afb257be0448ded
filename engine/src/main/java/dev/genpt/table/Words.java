package dev.genpt.table;

import dev.genpt.memory.PhysicalMemory;

/**
 * Loops over the 64-bit words of one table: the places where a run of items is really read or
 * written.
 *
 * <p>Each loop's variable is the array index itself, since only such loops are vectorised by the
 * JVM. Plain array access: the caller owns the words. A 64-bit array element is never torn on the
 * 64-bit JVMs that the project runs on.
 */
public final class Words {
  private Words() {}

  /** Writes {@code count} words: {@code word}, {@code word + step}, {@code word + 2 * step}, ... */
  public static void fill(
      PhysicalMemory memory, long table, int index, int count, long word, long step) {
    long[] bank = memory.bank(table);
    int from = PhysicalMemory.wordIndex(table) + index;
    int to = from + count;
    long origin = word - from * step;
    for (int i = from; i < to; i++) {
      bank[i] = origin + i * step;
    }
  }

  /**
   * True if {@code count} words from {@code index} on all equal {@code value} in the bits of {@code
   * mask}.
   */
  public static boolean allMatch(
      PhysicalMemory memory, long table, int index, int count, long mask, long value) {
    long[] bank = memory.bank(table);
    int from = PhysicalMemory.wordIndex(table) + index;
    int to = from + count;
    long difference = 0;
    for (int i = from; i < to; i++) {
      difference |= (bank[i] ^ value) & mask;
    }
    return difference == 0;
  }
}
