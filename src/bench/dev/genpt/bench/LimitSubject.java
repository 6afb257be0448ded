package dev.genpt.bench;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The best loops of the JVM over as many words as the engines write, without a page table: what no
 * engine can beat.
 *
 * <p>Map: zero the tables that a call would make, then fill with words that grow evenly. Unmap:
 * look at all words, then clear them. Translate: a load a level, each at a place that the one
 * before tells. Dirty read: read and clear. It allocates nothing.
 */
final class LimitSubject implements Subject {
  private static final int TABLE = 512;
  private static final int[] COUNT = IntStream.range(0, TABLE).toArray();
  private static final int STRIDE_LG2 = 12;
  private static final long PRESENT = 1;
  private static final long DIRTY = 1L << 6;

  private final Layout layout;

  /** The words of all calls: whole tables for calls that make some, else one after the other. */
  private final long[] words;

  private final int tables;
  private final int tableWords;
  private final int used;
  private final int depth;

  /** A table a level; every item holds the place of the next table. */
  private final long[] tree;

  /**
   * The loops for a layout.
   *
   * @param depth levels that a translation passes
   */
  LimitSubject(Layout layout, int depth) {
    this.layout = layout;
    this.depth = depth;
    tables = Math.max(layout.tables(), 1);
    tableWords = layout.tables() == 0 ? layout.words() : TABLE;
    used = Math.max(layout.words() / tables, 1);
    words = new long[layout.calls() * tables * tableWords];
    tree = new long[depth * TABLE];
    for (int level = 0; level < depth; level++) {
      Arrays.fill(tree, level * TABLE, (level + 1) * TABLE, (level + 1) % depth * (long) TABLE);
    }
  }

  @Override
  public void map() {
    for (int table = 0; table < words.length; table += tableWords) {
      if (layout.tables() != 0) {
        Arrays.fill(words, table, table + TABLE, 0);
      }
      fill(words, table, table + used, layout.pa() | PRESENT);
    }
  }

  /** The fastest of those shapes that the JVM compiles to vector instructions. */
  private static void fill(long[] words, int from, int to, long first) {
    int[] counted = COUNT;
    for (int i = from; i < to; i++) {
      words[i] = first + ((long) counted[i - from] << STRIDE_LG2);
    }
  }

  @Override
  public void unmap() {
    for (int table = 0; table < words.length; table += tableWords) {
      if (!allPresent(words, table, table + used)) {
        throw new IllegalStateException("a word is not there");
      }
      Arrays.fill(words, table, table + used, 0);
    }
  }

  private static boolean allPresent(long[] words, int from, int to) {
    long differences = 0;
    for (int i = from; i < to; i++) {
      differences |= (words[i] ^ PRESENT) & PRESENT;
    }
    return differences == 0;
  }

  @Override
  public long translate() {
    long sum = 0;
    for (int call = 0; call < layout.calls(); call++) {
      sum += walk(layout.iova(call) + Layout.OFFSET);
    }
    return sum;
  }

  private long walk(long iova) {
    long table = 0;
    for (int shift = 9 * depth + 3; shift > 3; shift -= 9) {
      table = tree[(int) table + ((int) (iova >>> shift) & (TABLE - 1))];
    }
    return table | (iova & ((1 << STRIDE_LG2) - 1));
  }

  @Override
  public void makeDirty() {
    for (int i = 0; i < words.length; i++) {
      words[i] |= DIRTY;
    }
  }

  @Override
  public long readDirty() {
    long dirty = 0;
    for (int table = 0; table < words.length; table += tableWords) {
      dirty += clean(words, table, table + used);
    }
    return dirty;
  }

  private static long clean(long[] words, int from, int to) {
    long dirty = 0;
    for (int i = from; i < to; i++) {
      dirty += words[i] & DIRTY;
      words[i] &= ~DIRTY;
    }
    return dirty / DIRTY;
  }
}
