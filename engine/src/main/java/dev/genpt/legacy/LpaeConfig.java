package dev.genpt.legacy;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * What an old Arm LPAE engine is asked for, with the geometry that follows.
 *
 * <p>Levels count from 0, the lowest; Arm's own level is 3 minus it. Immutable. Source: upstream
 * {@code io-pgtable-arm.c} of v6.12.
 *
 * @param variant which of the formats
 * @param ias input address bits
 * @param oas output address bits
 * @param offered page sizes on offer, as a bitmap; the granule is chosen among them
 * @param quirks mask of {@link #NS}, {@link #TTBR1} and {@link #HARDWARE_DIRTY}
 * @param coherent false if the walker does not snoop CPU caches
 */
public record LpaeConfig(
    Variant variant, int ias, int oas, long offered, int quirks, boolean coherent) {
  /** Quirk: tables and leaves of the non-secure world (stage 1). */
  public static final int NS = 1;

  /** Quirk: the upper half of the address space. */
  public static final int TTBR1 = 1 << 5;

  /** Quirk: hardware records writes (64-bit stage 1). */
  public static final int HARDWARE_DIRTY = 1 << 7;

  private static final long HOST_PAGE = 0x1000;
  private static final long SIZES_4K = 0x4020_1000L;
  private static final long SIZES_16K = 0x200_4000L;
  private static final long SIZES_64K = 0x2001_0000L;
  private static final long SIZE_4T = 1L << 42;
  private static final int MAX_TOP_LEVEL = 3;
  private static final int MAX_CONCATENATED_LG2 = 4;

  /** The formats that one engine served. */
  public enum Variant {
    /** 64-bit stage 1. */
    ARM_64_S1("old arm64_s1", 48, 48),
    /** 64-bit stage 2. */
    ARM_64_S2("old arm64_s2", 48, 48),
    /** 32-bit stage 1. */
    ARM_32_S1("old arm32_s1", 32, 40),
    /** 32-bit stage 2. */
    ARM_32_S2("old arm32_s2", 40, 40),
    /** Mali GPUs of the Midgard and Bifrost kind. */
    MALI("old arm_mali", 48, 40);

    private final String title;
    private final int maxIas;
    private final int maxOas;

    Variant(String title, int maxIas, int maxOas) {
      this.title = title;
      this.maxIas = maxIas;
      this.maxOas = maxOas;
    }

    /** The engine's name in messages. */
    String title() {
      return title;
    }

    boolean isStage2() {
      return this == ARM_64_S2 || this == ARM_32_S2;
    }

    private boolean is64() {
      return this == ARM_64_S1 || this == ARM_64_S2;
    }
  }

  /**
   * Checks what is asked for.
   *
   * @throws IommuException EINVAL for widths that the variant does not have, or no page size
   */
  public LpaeConfig {
    boolean wide = variant.is64() && granuleOf(offered) == 16;
    if (pageSizesOf(offered, variant, oas) == 0
        || ias > (wide ? 52 : variant.maxIas)
        || oas > (wide ? 52 : variant.maxOas)
        || ias <= granuleOf(offered)) {
      throw new IommuException(
          Errno.EINVAL,
          "%s: %d input and %d output address bits, page sizes %#x"
              .formatted(variant.title, ias, oas, offered));
    }
  }

  /** The host's page if it is offered, else the largest smaller, else the smallest. */
  private static int granuleOf(long offered) {
    if ((offered & HOST_PAGE) != 0) {
      return Log2.ffs(HOST_PAGE);
    }
    long smaller = offered & (HOST_PAGE - 1);
    return smaller != 0 ? Log2.fls(smaller) - 1 : Log2.ffs(offered);
  }

  private static long pageSizesOf(long offered, Variant variant, int oas) {
    return offered
        & switch (granuleOf(offered)) {
          case 12 -> SIZES_4K;
          case 14 -> variant.is64() ? SIZES_16K : 0;
          case 16 -> variant.is64() ? SIZES_64K | (oas > 48 ? SIZE_4T : 0) : 0;
          default -> 0;
        };
  }

  /** Bytes of the smallest page and of a table, lg2. */
  int granuleLg2() {
    return granuleOf(offered);
  }

  /** Page sizes in use: bit n = pages of 2^n bytes. */
  long pageSizes() {
    return pageSizesOf(offered, variant, oas);
  }

  /** Input address bits that a level decodes, but for the top. */
  int bitsPerLevel() {
    return granuleLg2() - 3;
  }

  private int unfoldedLevels() {
    return (ias - granuleLg2() + bitsPerLevel() - 1) / bitsPerLevel();
  }

  /** True if a small root is folded into the level below, as up to 16 tables side by side. */
  private boolean isConcatenated() {
    return variant.isStage2()
        && unfoldedLevels() == MAX_TOP_LEVEL + 1
        && bitsOfTop(MAX_TOP_LEVEL) <= MAX_CONCATENATED_LG2;
  }

  private int bitsOfTop(int level) {
    return ias - granuleLg2() - bitsPerLevel() * level;
  }

  /** Level of the root. */
  int topLevel() {
    if (variant == Variant.MALI) {
      return MAX_TOP_LEVEL;
    }
    int top = unfoldedLevels() - 1;
    return isConcatenated() ? top - 1 : top;
  }

  /** Items of the root, lg2. */
  int topItemsLg2() {
    return Math.max(0, bitsOfTop(topLevel()));
  }

  /** Whether a quirk is asked for. */
  boolean has(int quirk) {
    return (quirks & quirk) != 0;
  }
}
