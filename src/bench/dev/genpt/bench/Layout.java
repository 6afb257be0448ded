package dev.genpt.bench;

import dev.genpt.bits.Log2;

/**
 * Where the calls that are timed together lie: in places of their own, so close that the tables
 * stay in the processor's nearest cache.
 *
 * <p>No call covers a whole table, and so none makes or frees one, but for those of more than one
 * table, whose lowest tables come and go. In a discrete case the lowest address bit above the page
 * differs between input and output, which is upstream's rule against merging.
 *
 * @param calls how many calls are timed together
 * @param length bytes a call
 * @param stride bytes from one call's input address to the next one's
 * @param firstIova input address of the first call
 * @param pa output address of every call
 * @param words table words that a call writes, but for pointers to tables
 * @param tables tables that a call makes
 */
record Layout(int calls, long length, long stride, long firstIova, long pa, int words, int tables) {
  /** Where in a page translations look. */
  static final long OFFSET = 0x123;

  private static final long OUTPUT = 0x0007_1445_dead_beefL;
  private static final int TABLE_WORDS = 512;
  private static final int MOST_WORDS = 2048;
  private static final int MOST_CALLS = 256;
  private static final int MOST_SPAN_LG2 = 44;
  private static final int GROWN_DOMAINS = 16;

  /**
   * The layout of a case.
   *
   * @param lane number of the thread, from 0
   */
  static Layout of(BenchCase each, int lane) {
    BenchFormat format = BenchFormat.byName(each.format());
    int sizeLg2 = each.pageSizeLg2();
    int level = format.levelOfSize(sizeLg2);
    if (each.mode() == Mode.GROWTH) {
      long firstGrown = Log2.toValue(format.itemSizeLg2(format.firstTopLevel() + 1));
      int tables = 2 + format.firstTopLevel() - level;
      return new Layout(
          GROWN_DOMAINS, Log2.toValue(sizeLg2), 0, firstGrown, outputFor(sizeLg2), 1, tables);
    }
    boolean batched = each.mode() == Mode.BATCHED;
    int entries = batched ? 1 : each.count();
    int words = entries << (sizeLg2 - format.itemSizeLg2(level));
    long length = (long) entries << sizeLg2;
    long stride = entries == 1 && !batched ? 2 * length : length;
    int calls =
        batched
            ? Math.max(each.count(), MOST_CALLS)
            : (int)
                Math.min(
                    Math.clamp(MOST_WORDS / words, 1, MOST_CALLS),
                    Log2.toValue(MOST_SPAN_LG2) / stride);
    long lanes = 2 * Long.highestOneBit(2L * calls * stride - 1);
    long firstIova = (lane + 1) * lanes;
    if (each.mode() == Mode.CONTIGUOUS) {
      return new Layout(calls, length, stride, firstIova, 0, words, 0);
    }
    if (words > TABLE_WORDS) {
      firstIova += length / 2;
    }
    int tables = words > TABLE_WORDS ? words / TABLE_WORDS : 0;
    return new Layout(calls, length, stride, firstIova, outputFor(sizeLg2), words, tables);
  }

  /** An output address whose lowest bit above the page is 1; those of input addresses are 0. */
  private static long outputFor(int sizeLg2) {
    return Log2.alignDown(OUTPUT, sizeLg2) | Log2.toValue(sizeLg2);
  }

  /** Last input address of all. */
  long lastIova() {
    return iova(calls - 1) + length - 1;
  }

  /** Input address of a call. */
  long iova(int call) {
    return firstIova + call * stride;
  }

  /** Ends the measurement if an unmap did not do what it was asked for. */
  void checkUnmapped(long bytes) {
    if (bytes != length) {
      throw new IllegalStateException("%#x of %#x bytes unmapped".formatted(bytes, length));
    }
  }

  /** The first call alone. */
  Layout first() {
    return new Layout(1, length, stride, firstIova, pa, words, tables);
  }
}
