package dev.genpt.table;

/**
 * The fixed measures of a format (upstream: the {@code PT_*} constants of a format header).
 *
 * @param granuleLg2 input bytes of one level-0 item, lg2
 * @param tableMemLg2 bytes of a full table below the top, lg2
 * @param wordLg2 bytes of one item, lg2: 3, or 2 for 32-bit formats
 * @param maxTopLevel highest level that a root may have, at most 5
 * @param maxVaLg2 most input address bits of any configuration
 * @param maxOaLg2 most output address bits of any configuration
 * @param topPhysMask physical address bits that hardware can hold for the root; the lowest set bit
 *     is the root's least alignment and least size
 */
public record Geometry(
    int granuleLg2,
    int tableMemLg2,
    int wordLg2,
    int maxTopLevel,
    int maxVaLg2,
    int maxOaLg2,
    long topPhysMask) {

  /** Levels that any table can have at most. */
  public static final int MAX_LEVELS = 6;

  /** Input address bits that one full level decodes; also lg2 of its items. */
  public int bitsPerLevel() {
    return tableMemLg2 - wordLg2;
  }

  /** Input (and output) bytes that one item of {@code level} stands for, lg2. */
  public int itemSizeLg2(int level) {
    return granuleLg2 + bitsPerLevel() * level;
  }
}
