package dev.genpt.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A property of a page table that a caller may ask for; a set of them is a bit mask in an {@code
 * int}.
 *
 * <p>The core's features are here; each format names its own from {@link #FORMAT_START} on.
 *
 * @param name upstream's name
 * @param bit position in the mask
 * @param title what it does, in one line
 */
public record Feature(String name, int bit, String title) {
  /** The hardware walker does not snoop CPU caches; table memory must be written back for it. */
  public static final Feature DMA_INCOHERENT =
      new Feature(
          "DMA_INCOHERENT",
          0,
          "table memory is written back for a walker that does not snoop caches");

  /** The table may span all 64 bits of input address. */
  public static final Feature FULL_VA =
      new Feature("FULL_VA", 1, "input addresses take all 64 bits");

  /** The root may be replaced by a root one level higher while hardware walks. */
  public static final Feature DYNAMIC_TOP =
      new Feature("DYNAMIC_TOP", 2, "the root may be replaced by one of a higher level");

  /** The input space has two halves, as the top bit is copied into all bits above it. */
  public static final Feature SIGN_EXTEND =
      new Feature(
          "SIGN_EXTEND", 3, "input addresses lie in two halves: their top bit is copied upwards");

  /** Invalidate one covering range per operation, holes included. */
  public static final Feature FLUSH_RANGE =
      new Feature("FLUSH_RANGE", 4, "an operation invalidates one range, holes included");

  /**
   * Invalidate only addresses that were touched; a disjoint addition first flushes what is held.
   */
  public static final Feature FLUSH_RANGE_NO_GAPS =
      new Feature("FLUSH_RANGE_NO_GAPS", 5, "an operation invalidates only what it touched");

  /** Bit of a format's first own feature. */
  public static final int FORMAT_START = 6;

  /** The features of the core, by bit. */
  public static final List<Feature> CORE =
      List.of(DMA_INCOHERENT, FULL_VA, DYNAMIC_TOP, SIGN_EXTEND, FLUSH_RANGE, FLUSH_RANGE_NO_GAPS);

  /** The feature alone as a mask. */
  public int mask() {
    return 1 << bit;
  }

  /** True if {@code mask} holds this feature. */
  public boolean in(int mask) {
    return (mask & mask()) != 0;
  }

  /** The mask of several features. */
  public static int mask(Feature... features) {
    return mask(List.of(features));
  }

  /** The mask of several features. */
  public static int mask(Collection<Feature> features) {
    int mask = 0;
    for (Feature feature : features) {
      mask |= feature.mask();
    }
    return mask;
  }

  /**
   * The names of the features in {@code mask}, with those of {@code definition} for private bits.
   */
  public static String describe(int mask, FormatDefinition definition) {
    List<String> names = new ArrayList<>();
    for (Feature feature : definition.allFeatures()) {
      if (feature.in(mask)) {
        names.add(feature.name);
      }
    }
    int known = Feature.mask(definition.allFeatures());
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      if ((mask & ~known & (1 << bit)) != 0) {
        names.add("bit " + bit);
      }
    }
    return names.isEmpty() ? "none" : String.join(", ", names);
  }
}
