package dev.genpt.bench;

import dev.genpt.bits.Log2;

/**
 * Where the calls that are timed together lie: in places of their own, so close that the tables
 * stay in the processor's nearest cache.
 *
 * <p>No call covers a whole table, and so none makes or frees one, but for those of more than one
 * table, whose lowest tables come and go; these are moved by half their length, so that they cover
 * no table above whole. In a discrete case the lowest address bit above the page differs between
 * input and output, which is upstream's rule against merging.
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
    return switch (each.mode()) {
      case GROWTH -> grown(format, sizeLg2, level);
      case BATCHED -> {
        long size = Log2.toValue(sizeLg2);
        int words = 1 << (sizeLg2 - format.itemSizeLg2(level));
        int calls = Math.max(each.count(), MOST_CALLS);
        yield new Layout(
            calls, size, size, place(lane, calls * size), outputFor(sizeLg2), words, 0);
      }
      case DISCRETE, CONTIGUOUS, TWO_THREADS, IN_TURNS -> {
        int words = each.count() << (sizeLg2 - format.itemSizeLg2(level));
        yield runs(each, words, lane);
      }
    };
  }

  /** The lowest page that makes the root grow, once in each of several domains. */
  private static Layout grown(BenchFormat format, int sizeLg2, int level) {
    int topLevel = format.firstTopLevel();
    long iova = Log2.toValue(format.itemSizeLg2(topLevel + 1));
    int tables = topLevel - level + 2;
    return new Layout(GROWN_DOMAINS, Log2.toValue(sizeLg2), 0, iova, outputFor(sizeLg2), 1, tables);
  }

  /** Runs of entries, a call each; single entries with a hole after each. */
  private static Layout runs(BenchCase each, int words, int lane) {
    int sizeLg2 = each.pageSizeLg2();
    long length = (long) each.count() << sizeLg2;
    long stride = each.count() == 1 ? 2 * length : length;
    long most = Math.min(MOST_CALLS, Log2.toValue(MOST_SPAN_LG2) / stride);
    int calls = Math.clamp(MOST_WORDS / words, 1, (int) most);
    long iova = place(lane, calls * stride);
    if (each.mode() == Mode.CONTIGUOUS) {
      return new Layout(calls, length, stride, iova, 0, words, 0);
    }
    boolean wholeTables = words > TABLE_WORDS;
    return new Layout(
        calls,
        length,
        stride,
        wholeTables ? iova + length / 2 : iova,
        outputFor(sizeLg2),
        words,
        wholeTables ? words / TABLE_WORDS : 0);
  }

  /** A multiple of twice as much as a thread needs, a power of two. */
  private static long place(int lane, long needed) {
    return (lane + 1) * 2 * Long.highestOneBit(2 * needed - 1);
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
