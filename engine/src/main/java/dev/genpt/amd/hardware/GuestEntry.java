package dev.genpt.amd.hardware;

import dev.genpt.bits.Log2;

/**
 * A word of a guest table, in the long-mode format of x86.
 *
 * <pre>
 * 0 P | 1 RW | 2 U | 5 A | 6 D | 7 PS: leaf of level 2 or 3 | 51:12 address | 63 XD
 * </pre>
 *
 * <p>Levels count from 1, the lowest. Source: AMD64 Architecture Programmer's Manual, volume 2,
 * "Long-Mode Page Translation".
 */
final class GuestEntry {
  static final long ACCESSED = 1L << 5;
  static final long DIRTY = 1L << 6;

  private static final long PRESENT = 1;
  private static final long WRITABLE = 2;
  private static final long USER = 4;
  private static final long LARGE = 1L << 7;
  private static final long NO_EXECUTE = 1L << 63;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;
  private static final int PAGE_LG2 = 12;
  private static final int BITS_PER_LEVEL = 9;
  private static final int LAST_LEAF_LEVEL = 3;

  /** Bits above PAT, which stands at bit 12 of a large leaf. */
  private static final int ABOVE_PAT = 13;

  private GuestEntry() {}

  static boolean isPresent(long word) {
    return (word & PRESENT) != 0;
  }

  static boolean isLeaf(long word, int level) {
    return level == 1 || (word & LARGE) != 0;
  }

  static boolean hasReservedBits(long word, int level, boolean noExecute) {
    if ((word & NO_EXECUTE) != 0 && !noExecute) {
      return true;
    }
    if (level == 1 || (word & LARGE) == 0) {
      return false;
    }
    return level > LAST_LEAF_LEVEL || Log2.mod(word, sizeLg2(level)) >>> ABOVE_PAT != 0;
  }

  static int rights(long word) {
    return Rights.READ
        | ((word & WRITABLE) != 0 ? Rights.WRITE : 0)
        | ((word & USER) != 0 ? Rights.USER : 0)
        | ((word & NO_EXECUTE) == 0 ? Rights.EXECUTE : 0);
  }

  static long address(long word) {
    return word & ADDRESS;
  }

  /** Bytes that one entry of a level stands for, lg2. */
  static int sizeLg2(int level) {
    return PAGE_LG2 + BITS_PER_LEVEL * (level - 1);
  }

  /** Bytes that a table of a level spans, lg2. */
  static int spanLg2(int level) {
    return PAGE_LG2 + BITS_PER_LEVEL * level;
  }

  /** Which entry of a table of {@code level} an address leads to. */
  static long index(long address, int level) {
    return Log2.mod(address, spanLg2(level)) >>> sizeLg2(level);
  }
}
