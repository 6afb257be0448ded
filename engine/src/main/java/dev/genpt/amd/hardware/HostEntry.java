package dev.genpt.amd.hardware;

import dev.genpt.bits.Log2;

/**
 * A word of a host table.
 *
 * <pre>
 * leaf   0 PR | 5 A | 6 D | 11:9 0 or 7 | 51:12 address, with the size if 11:9 is 7 | 58:52 reserved
 *        59 U | 60 FC | 61 IR | 62 IW
 * table  0 PR | 11:9 level of the table, 1..6 | 51:12 address | 60:52 reserved | 61 IR | 62 IW
 * </pre>
 *
 * <p>Levels count from 1, the lowest. Source: AMD I/O Virtualization Technology (IOMMU)
 * Specification, "I/O Page Tables for Host Translations".
 */
final class HostEntry {
  static final long ACCESSED = 1L << 5;
  static final long DIRTY = 1L << 6;

  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;
  private static final long LEAF_RESERVED = 0x07f0_0000_0000_0000L;
  private static final long TABLE_RESERVED = 0x1ff0_0000_0000_0000L;
  private static final int NEXT_LEVEL_SHIFT = 9;
  private static final int SIZED_LEAF = 7;
  private static final int LAST_LEVEL = 6;
  private static final int PAGE_LG2 = 12;
  private static final int ADDRESS_LG2 = 52;
  private static final int BITS_PER_LEVEL = 9;

  private HostEntry() {}

  static boolean isPresent(long word) {
    return (word & 1) != 0;
  }

  /** Level of the table that a pointer leads to; 0 or 7 for a leaf. */
  static int nextLevel(long word) {
    return (int) (word >>> NEXT_LEVEL_SHIFT) & SIZED_LEAF;
  }

  static boolean isLeaf(long word) {
    int next = nextLevel(word);
    return next == 0 || next == SIZED_LEAF;
  }

  static boolean hasReservedBits(long word) {
    return (word & (isLeaf(word) ? LEAF_RESERVED : TABLE_RESERVED)) != 0;
  }

  static long address(long word) {
    return word & ADDRESS;
  }

  static boolean isForceCoherent(long word) {
    return (word >>> 60 & 1) != 0;
  }

  static boolean isUntranslatedOnly(long word) {
    return (word >>> 59 & 1) != 0;
  }

  /** Bytes that one entry of a level stands for, lg2. */
  static int defaultSizeLg2(int level) {
    return PAGE_LG2 + BITS_PER_LEVEL * (level - 1);
  }

  /** Bytes that a table of a level spans, lg2. */
  static int spanLg2(int level) {
    return PAGE_LG2 + BITS_PER_LEVEL * level;
  }

  /** Which entry of a table of {@code level} an address leads to. */
  static long index(long address, int level) {
    return Log2.mod(address, Math.min(Long.SIZE, spanLg2(level))) >>> defaultSizeLg2(level);
  }

  /** Bytes of a leaf, lg2; 0 if a leaf of {@code level} can't have that size. */
  static int leafSizeLg2(long word, int level) {
    int least = defaultSizeLg2(level);
    if (nextLevel(word) == 0) {
      return level == LAST_LEVEL ? 0 : least;
    }
    int sizeLg2 = Log2.ffz(word | Log2.toMax(PAGE_LG2)) + 1;
    return sizeLg2 > least && sizeLg2 < spanLg2(level) && sizeLg2 <= ADDRESS_LG2 ? sizeLg2 : 0;
  }
}
