package dev.genpt.memory;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simulated physical memory of a machine: RAM regions anywhere below 2^52, stored as banks of
 * {@code long[]}.
 *
 * <p>A bank holds {@value #BANK_BYTES} bytes and comes into being when it is first touched, so a
 * large sparse machine costs only what it uses. Memory starts zeroed. Words are little-endian: the
 * 32-bit word at address {@code a} with {@code a mod 8 == 0} is the low half of the 64-bit word
 * there.
 *
 * <p>Threads: every method may be called by any thread at any time. {@code read64} and {@code
 * write64} are single-copy atomic without ordering; the {@code Acquire}, {@code Release} and
 * compare-and-set forms order as their names say. {@link #bank} hands out the storage itself for
 * run loops; a caller that uses it plainly must be the only writer of those words.
 *
 * <p>Open for {@link CountingMemory} alone: a JVM that has not loaded that pays nothing for it.
 *
 * <p>Every access throws {@code IommuException(EIO)} for an address outside RAM and {@code EINVAL}
 * for one that is not a multiple of the access size.
 */
public class PhysicalMemory {
  /** Bytes of one bank; a naturally aligned block of up to this size lies within one bank. */
  public static final int BANK_BYTES = 1 << PhysicalMemory.BANK_LG2;

  private static final int BANK_LG2 = 21;
  private static final int SEGMENT_LG2 = 36;
  private static final int WORD_MASK = BANK_BYTES / Long.BYTES - 1;
  private static final int ADDRESS_LG2 = 52;
  private static final int PAGE_LG2 = 12;
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle BANK = MethodHandles.arrayElementVarHandle(Bank[].class);
  private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(Segment[].class);
  private static final int STRIPES = 64;
  private static final int BLOCK_LG2 = 5;

  /**
   * A stretch of RAM.
   *
   * @param base first byte, a multiple of 4 KiB
   * @param size bytes, a multiple of 4 KiB, not 0
   */
  public record Region(long base, long size) {
    /**
     * Checks the bounds.
     *
     * @throws IommuException EINVAL if misaligned, empty or beyond 2^52
     */
    public Region {
      long last = base + size - 1;
      if (size <= 0
          || base < 0
          || last < base
          || last >>> ADDRESS_LG2 != 0
          || !Log2.isAligned(base | size, PAGE_LG2)) {
        throw new IommuException(
            Errno.EINVAL,
            "RAM region base %#x size %#x: need 4 KiB multiples, size above 0, end below 2^52"
                .formatted(base, size));
      }
    }

    /** Last byte of the region, inclusive. */
    public long last() {
      return base + size - 1;
    }

    private boolean holds(long pa) {
      return Long.compareUnsigned(pa - base, size) < 0;
    }
  }

  /** The banks of one block of 64 GiB: that of {@code pa} is {@code (pa >> 21) - firstBank}. */
  private static final class Segment {
    final long firstBank;
    final @Nullable Bank[] banks;

    Segment(long first, long last) {
      firstBank = first >>> BANK_LG2;
      banks = new Bank[(int) ((last >>> BANK_LG2) - firstBank + 1)];
    }
  }

  private final List<Region> regions;

  /** By block of 64 GiB; a segment comes into being when it is first touched. */
  private final @Nullable Segment[] segments;

  /** The segment that the first region begins in: table pages come from here. */
  private final Segment first;

  private final long firstBase;
  private final long firstSize;

  /** Makes {@link #load256} and {@link #store128} single-copy atomic, by blocks of 32 bytes. */
  private final Object[] stripes = new Object[STRIPES];

  /**
   * Memory with the given RAM regions.
   *
   * @throws IommuException EINVAL if there is none or two overlap
   */
  public PhysicalMemory(List<Region> ramRegions) {
    var sorted = new ArrayList<>(ramRegions);
    sorted.sort(Comparator.comparingLong(Region::base));
    if (sorted.isEmpty()) {
      throw new IommuException(Errno.EINVAL, "physical memory needs at least one RAM region");
    }
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).base <= sorted.get(i - 1).last()) {
        throw new IommuException(
            Errno.EINVAL,
            "RAM regions %s and %s overlap".formatted(sorted.get(i - 1), sorted.get(i)));
      }
    }
    regions = List.copyOf(sorted);
    segments = new Segment[block(regions.getLast().last()) + 1];
    Region region = regions.getFirst();
    firstBase = region.base;
    firstSize = Math.min(region.last(), Log2.setModMax(region.base, SEGMENT_LG2)) - firstBase + 1;
    first = segment(block(firstBase));
    Arrays.setAll(stripes, _ -> new Object());
  }

  /**
   * One region of {@code mebibytes} MiB at 4 GiB, so that no table address is mistaken for a small
   * number.
   */
  public static PhysicalMemory ofMebibytes(int mebibytes) {
    return new PhysicalMemory(List.of(new Region(1L << 32, (long) mebibytes << 20)));
  }

  /** The RAM regions, ascending and disjoint. */
  public List<Region> regions() {
    return regions;
  }

  /** True if all of {@code [pa, pa + bytes)} is RAM of one region. */
  public boolean isRam(long pa, long bytes) {
    for (Region region : regions) {
      if (region.holds(pa)) {
        return bytes <= region.last() - pa + 1;
      }
    }
    return false;
  }

  /**
   * The storage of the bank that holds {@code pa}; the word of {@code pa} is at {@link #wordIndex}.
   *
   * <p>For run loops over a table: a naturally aligned table up to 2 MiB never crosses a bank.
   *
   * @throws IommuException EIO if {@code pa} is outside RAM
   */
  public long[] bank(long pa) {
    return bankAt(pa).words();
  }

  /**
   * The bank that holds {@code pa}.
   *
   * @throws IommuException EIO if {@code pa} is outside RAM
   */
  public final Bank bankAt(long pa) {
    Segment segment = first;
    if (Long.compareUnsigned(pa - firstBase, firstSize) >= 0) {
      segment = otherSegment(pa);
    }
    int index = (int) ((pa >>> BANK_LG2) - segment.firstBank);
    Bank bank = segment.banks[index];
    return bank != null ? bank : materialise(segment.banks, index, pa);
  }

  private Bank materialise(@Nullable Bank[] banks, int index, long pa) {
    for (Region region : regions) {
      if (region.holds(pa)) {
        long start = Log2.alignDown(pa, BANK_LG2);
        long last = Math.min(region.last(), Log2.setModMax(pa, BANK_LG2));
        long ram = region.base <= start ? last - start + 1 : 0;
        Bank made = new Bank(new long[WORD_MASK + 1], start, ram);
        BANK.compareAndSet(banks, index, (Bank) null, made);
      }
    }
    return (Bank) BANK.getAcquire(banks, index);
  }

  private long[] wordsAt(long pa) {
    return bankAt(pa).words();
  }

  /** Index of the 64-bit word that holds {@code pa}, within its bank. */
  public static int wordIndex(long pa) {
    return (int) (Log2.mod(pa, BANK_LG2) >>> 3);
  }

  private Segment otherSegment(long pa) {
    if (!isRam(pa, 1)) {
      throw new IommuException(
          Errno.EIO, "physical address %#x is outside RAM %s".formatted(pa, describeRam()));
    }
    return segment(block(pa));
  }

  private Segment segment(int block) {
    Segment found = (Segment) SEGMENT.getAcquire(segments, block);
    if (found != null) {
      return found;
    }
    long start = (long) block << SEGMENT_LG2;
    long end = Log2.setModMax(start, SEGMENT_LG2);
    long low = end;
    long high = start;
    for (Region region : regions) {
      if (region.base <= end && region.last() >= start) {
        low = Math.min(low, Math.max(region.base, start));
        high = Math.max(high, Math.min(region.last(), end));
      }
    }
    SEGMENT.compareAndSet(segments, block, (Segment) null, new Segment(low, high));
    return (Segment) SEGMENT.getAcquire(segments, block);
  }

  private static int block(long pa) {
    return (int) (pa >>> SEGMENT_LG2);
  }

  private String describeRam() {
    var text = new StringBuilder();
    for (Region region : regions.subList(0, Math.min(regions.size(), 4))) {
      text.append(text.isEmpty() ? "" : ", ")
          .append("[%#x, %#x]".formatted(region.base, region.last()));
    }
    return regions.size() > 4 ? text + ", ..." : text.toString();
  }

  /** The 64-bit word at {@code pa}, read once, without ordering. */
  public long read64(long pa) {
    return (long) WORD.getOpaque(wordsAt(checkAligned(pa, 8)), wordIndex(pa));
  }

  /** As {@link #read64}, and what was written before the matching release is visible afterwards. */
  public long read64Acquire(long pa) {
    return (long) WORD.getAcquire(wordsAt(checkAligned(pa, 8)), wordIndex(pa));
  }

  /** As {@link #read64Acquire(long)}, by the words of a {@link Bank} and an index there. */
  public long read64Acquire(long[] words, int index) {
    return (long) WORD.getAcquire(words, index);
  }

  /** Stores a 64-bit word at {@code pa} in one piece, without ordering. */
  public void write64(long pa, long value) {
    WORD.setOpaque(wordsAt(checkAligned(pa, 8)), wordIndex(pa), value);
  }

  /**
   * As {@link #write64(long, long)}, to the words of the {@link Bank} of {@code pa}, which is a
   * multiple of 8.
   */
  public void write64(long[] words, long pa, long value) {
    WORD.setOpaque(words, wordIndex(pa), value);
  }

  /** As {@link #write64}, and all earlier writes are visible to whoever acquires the value. */
  public void write64Release(long pa, long value) {
    WORD.setRelease(wordsAt(checkAligned(pa, 8)), wordIndex(pa), value);
  }

  /** Replaces {@code expected} by {@code value} if the word still holds it; full ordering. */
  public boolean compareAndSet64(long pa, long expected, long value) {
    return WORD.compareAndSet(wordsAt(checkAligned(pa, 8)), wordIndex(pa), expected, value);
  }

  /** Atomically ANDs {@code mask} into the word and returns the word from before. */
  public long getAndAnd64(long pa, long mask) {
    return (long) WORD.getAndBitwiseAnd(wordsAt(checkAligned(pa, 8)), wordIndex(pa), mask);
  }

  /** Atomically ORs {@code mask} into the word and returns the word from before. */
  public long getAndOr64(long pa, long mask) {
    return (long) WORD.getAndBitwiseOr(wordsAt(checkAligned(pa, 8)), wordIndex(pa), mask);
  }

  /** The 32-bit word at {@code pa}, read once, without ordering. */
  public int read32(long pa) {
    return (int) (read64(checkAligned(pa, 4) & ~7L) >>> shiftOf(pa));
  }

  /** Stores a 32-bit word at {@code pa} in one piece; its neighbour keeps any concurrent change. */
  public void write32(long pa, int value) {
    long whole;
    do {
      whole = read64(checkAligned(pa, 4) & ~7L);
    } while (!compareAndSet64(pa & ~7L, whole, withHalf(whole, pa, value)));
  }

  /**
   * Replaces {@code expected} by {@code value} if the 32-bit word still holds it; full ordering.
   */
  public boolean compareAndSet32(long pa, int expected, int value) {
    while (true) {
      long whole = read64(checkAligned(pa, 4) & ~7L);
      if ((int) (whole >>> shiftOf(pa)) != expected) {
        return false;
      }
      if (compareAndSet64(pa & ~7L, whole, withHalf(whole, pa, value))) {
        return true;
      }
    }
  }

  /**
   * Reads the 256 bits at {@code pa} in one piece: a {@link #store128} is seen whole or not at all.
   * What was written before is visible afterwards.
   *
   * @param pa a multiple of 32
   * @return four words, that of the lowest address first
   */
  public long[] load256(long pa) {
    long[] words = wordsAt(checkAligned(pa, 32));
    int index = wordIndex(pa);
    long[] loaded = new long[4];
    synchronized (stripe(pa)) {
      for (int i = 0; i < loaded.length; i++) {
        loaded[i] = (long) WORD.getAcquire(words, index + i);
      }
    }
    return loaded;
  }

  /**
   * Stores 128 bits at {@code pa} in one piece, as {@link #load256} sees it. All earlier writes are
   * visible to whoever loads them.
   *
   * @param pa a multiple of 16
   * @param low the word at {@code pa}
   * @param high the word at {@code pa + 8}
   */
  public void store128(long pa, long low, long high) {
    long[] words = wordsAt(checkAligned(pa, 16));
    int index = wordIndex(pa);
    synchronized (stripe(pa)) {
      WORD.setRelease(words, index, low);
      WORD.setRelease(words, index + 1, high);
    }
  }

  private Object stripe(long pa) {
    return stripes[(int) (pa >>> BLOCK_LG2) & (STRIPES - 1)];
  }

  private static int shiftOf(long pa) {
    return (int) (pa & 4) * Byte.SIZE;
  }

  private static long withHalf(long whole, long pa, int value) {
    int shift = shiftOf(pa);
    return (whole & ~(0xffff_ffffL << shift)) | (Integer.toUnsignedLong(value) << shift);
  }

  private static long checkAligned(long pa, int bytes) {
    if ((pa & (bytes - 1)) != 0) {
      throw new IommuException(
          Errno.EINVAL, "physical address %#x is not a multiple of %d".formatted(pa, bytes));
    }
    return pa;
  }
}
