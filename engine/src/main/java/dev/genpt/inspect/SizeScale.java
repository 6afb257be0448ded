package dev.genpt.inspect;

import java.util.ArrayList;
import java.util.List;

/**
 * Byte counts that differ too much for one ruler, for a scale on which every step to the right
 * doubles.
 *
 * @param title what they say together
 * @param sizes from top to bottom
 */
public record SizeScale(String title, List<Size> sizes) {
  /**
   * One of them.
   *
   * @param label what is that large
   * @param bytes at least 1, unsigned
   * @param tone its colour, from {@link Palette}
   */
  public record Size(String label, long bytes, Palette.Tone tone) {
    /** Base-two logarithm, the fraction included. */
    double lg2() {
      double value = bytes >= 0 ? bytes : bytes + 0x1p64;
      return Math.log(value) / Math.log(2);
    }

    /** The size in units and as a power of two, exact or nearly. */
    String text() {
      boolean exact = Long.bitCount(bytes) == 1;
      return "%s = %s".formatted(ByteSize.of(bytes), exact ? "2^" + Math.round(lg2()) : bytes);
    }
  }

  /** Copies the list. */
  public SizeScale {
    sizes = List.copyOf(sizes);
  }

  /** The same with one more. */
  public SizeScale and(String label, long bytes, Palette.Tone tone) {
    var more = new ArrayList<>(sizes);
    more.add(new Size(label, bytes, tone));
    return new SizeScale(title, more);
  }
}
