package dev.genpt.legacy;

import dev.genpt.table.EntryType;
import dev.genpt.table.Protection;

/**
 * The words of an old Arm LPAE engine.
 *
 * <pre>
 * stage 1  54:53 XN | 51 DBM | 47:12 address | 11 nG | 10 AF | 9:8 SH | 7 read-only | 6 user  | 5 NS | 4:2 AttrIndx | 1:0 type
 * stage 2  54:53 XN |        | 47:12 address |       | 10 AF | 9:8 SH | 7 write     | 6 read  | 5:2 MemAttr         | 1:0 type
 * table    63 NSTable | 55 written back      | 47:12 address                                                        | 1:0 3
 * </pre>
 *
 * <p>With 64K pages address bits 51:48 lie in bits 15:12. Immutable. Source: Arm Architecture
 * Reference Manual, VMSAv8-64; upstream {@code io-pgtable-arm.c}.
 */
final class LpaeWords {
  static final long ADDRESS = 0x0000_ffff_ffff_f000L;

  /** Software bit of a pointer: it was written back. */
  static final long SYNCED = 1L << 55;

  static final long READ_ONLY = 1L << 7;
  static final long DBM = 1L << 51;

  private static final long VALID = 1;
  private static final long TYPE = 3;
  private static final long PAGE = 3;
  private static final long BLOCK = 1;
  private static final long TABLE = 3;
  private static final long NS = 1L << 5;
  private static final long USER = 1L << 6;
  private static final long S2_READ = 1L << 6;
  private static final long S2_WRITE = 1L << 7;
  private static final long SH_OUTER = 2L << 8;
  private static final long SH_INNER = 3L << 8;
  private static final long AF = 1L << 10;
  private static final long NG = 1L << 11;
  private static final long XN = 3L << 53;
  private static final long NS_TABLE = 1L << 63;
  private static final int WIDE_SHIFT = 36;

  private final LpaeConfig config;
  private final LpaeConfig.Variant variant;
  private final boolean wideAddresses;

  LpaeWords(LpaeConfig config) {
    this.config = config;
    variant = config.variant();
    wideAddresses = config.granuleLg2() == 16;
  }

  EntryType typeOf(long word, int level) {
    if ((word & VALID) == 0) {
      return EntryType.EMPTY;
    }
    return level > 0 && (word & TYPE) == TABLE ? EntryType.TABLE : EntryType.LEAF;
  }

  private static long encodeAddress(long pa) {
    return (pa | pa >>> WIDE_SHIFT) & ADDRESS;
  }

  long addressOf(long word) {
    long address = word & ADDRESS;
    return wideAddresses ? (address | address << WIDE_SHIFT) & (ADDRESS << 4) : address;
  }

  long tableWord(long table) {
    boolean ns = config.has(LpaeConfig.NS) && isStage1();
    return encodeAddress(table) | TABLE | (ns ? NS_TABLE : 0);
  }

  private boolean isStage1() {
    return variant == LpaeConfig.Variant.ARM_64_S1 || variant == LpaeConfig.Variant.ARM_32_S1;
  }

  /** A leaf at {@code level}, of attributes without address and type. */
  long leafWord(long pa, int level, long attributes) {
    boolean page = level == 0 && variant != LpaeConfig.Variant.MALI;
    return encodeAddress(pa) | attributes | (page ? PAGE : BLOCK);
  }

  /** The attributes of a leaf: all but its address and its type. */
  static long attributesOf(long word) {
    return word & ~(ADDRESS | TYPE);
  }

  long attributesFor(int protection) {
    long attributes =
        switch (variant) {
          case ARM_64_S1, ARM_32_S1 -> NG | AF | stage1Permissions(protection);
          case ARM_64_S2, ARM_32_S2 -> AF | stage2Permissions(protection);
          case MALI -> stage2Permissions(protection);
        };
    attributes |= memoryType(protection);
    attributes |= has(protection, Protection.NOEXEC) ? XN : 0;
    boolean inner = has(protection, Protection.CACHE) && variant != LpaeConfig.Variant.MALI;
    return attributes | (inner ? SH_INNER : SH_OUTER);
  }

  private static boolean has(int protection, int flag) {
    return (protection & flag) != 0;
  }

  private long stage1Permissions(int protection) {
    long bits = has(protection, Protection.PRIV) ? 0 : USER;
    bits |= config.has(LpaeConfig.NS) ? NS : 0;
    if (!has(protection, Protection.WRITE)) {
      return bits | READ_ONLY;
    }
    boolean recordsWrites =
        config.has(LpaeConfig.HARDWARE_DIRTY) && variant == LpaeConfig.Variant.ARM_64_S1;
    return recordsWrites ? bits | DBM : bits;
  }

  private static long stage2Permissions(int protection) {
    return (has(protection, Protection.READ) ? S2_READ : 0)
        | (has(protection, Protection.WRITE) ? S2_WRITE : 0);
  }

  private long memoryType(int protection) {
    boolean stage2 = variant.isStage2();
    if (has(protection, Protection.MMIO)) {
      return (stage2 ? 1L : 2L) << 2;
    }
    if (has(protection, Protection.CACHE)) {
      return (stage2 ? 15L : 1L) << 2;
    }
    return (stage2 ? 5L : 0L) << 2;
  }

  /** Whether a leaf says that the device wrote. */
  static boolean isDirty(long word) {
    return (word & (DBM | READ_ONLY)) == DBM;
  }
}
