package dev.genpt.table;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PhysicalMemory;
import java.util.Arrays;

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

  /**
   * Writes {@code count} words: {@code word}, {@code word + step}, {@code word + 2 * step}, ...
   *
   * @param step 0 or a power of two: to shift is one vector instruction, to multiply is many
   */
  public static void fill(
      PhysicalMemory memory, long table, int index, int count, long word, long step) {
    long[] bank = memory.bank(table);
    int from = PhysicalMemory.wordIndex(table) + index;
    int to = from + count;
    if (step == 0) {
      Arrays.fill(bank, from, to, word);
      return;
    }
    int shift = Log2.ffs(step);
    long origin = word - ((long) from << shift);
    for (int i = from; i < to; i++) {
      bank[i] = origin + ((long) i << shift);
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
    long differences = 0;
    for (int i = from; i < to; i++) {
      differences |= bank[i] ^ value;
    }
    return (differences & mask) == 0;
  }
}
