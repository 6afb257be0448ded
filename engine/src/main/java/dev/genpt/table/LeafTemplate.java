package dev.genpt.table;

/**
 * What all leaves of one protection in one page table have in common (upstream: {@code
 * pt_write_attrs}).
 *
 * <p>Threads: immutable; {@link PageTable#template} keeps one for each protection.
 */
public final class LeafTemplate {
  private final long attributes;

  /** By level: the word of a leaf of one item for output address 0. */
  private final long[] words;

  LeafTemplate(PageTableFormat format, int levels, int protection) {
    attributes = format.attributesFor(protection);
    words = new long[levels];
    for (int level = 0; level < levels; level++) {
      int itemSizeLg2 = format.itemSizeLg2(level);
      if ((format.possibleSizes(level) >>> itemSizeLg2 & 1) != 0) {
        words[level] = format.leafWord(0, itemSizeLg2, level, attributes);
      }
    }
  }

  /** The attributes alone, as {@link PageTableFormat#leafWord} takes them. */
  public long attributes() {
    return attributes;
  }

  long wordAt(int level) {
    return words[level];
  }
}
