package dev.genpt.table;

import dev.genpt.bits.Log2;
import dev.genpt.memory.PhysicalMemory;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Loops over the 64-bit words of one table: the places where a run of items is really read or
 * written.
 *
 * <p>Each loop's variable is the array index itself, since only such loops are vectorised by the
 * JVM. Plain array access: the caller owns the words. A 64-bit array element is never torn on the
 * 64-bit JVMs that the project runs on.
 */
public final class Words {
  /** 0, 1, 2, ... */
  private static final int[] COUNT = IntStream.range(0, 512).toArray();

  private Words() {}

  /**
   * Writes {@code count} words: {@code word}, {@code word + step}, {@code word + 2 * step}, ...
   *
   * @param step 0 or a power of two
   */
  public static void fill(
      PhysicalMemory memory, long table, int index, int count, long word, long step) {
    long[] bank = memory.bank(table);
    int from = PhysicalMemory.wordIndex(table) + index;
    if (step == 0) {
      Arrays.fill(bank, from, from + count, word);
      return;
    }
    int shift = Log2.ffs(step);
    for (int done = 0; done < count; done += COUNT.length) {
      int part = Math.min(count - done, COUNT.length);
      countUp(bank, from + done, from + done + part, word + ((long) done << shift), shift);
    }
  }

  /**
   * The multiples come from an array of ints. Neither a multiplication of longs nor a counter that
   * is made long is compiled to vector instructions (on AVX2); ints that are loaded, made long and
   * shifted are. And an array of ints can't be the bank, which an array of longs might be.
   */
  private static void countUp(long[] bank, int from, int to, long word, int shift) {
    int[] counted = COUNT;
    for (int i = from; i < to; i++) {
      bank[i] = word + ((long) counted[i - from] << shift);
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
      differences |= (bank[i] ^ value) & mask;
    }
    return differences == 0;
  }
}
