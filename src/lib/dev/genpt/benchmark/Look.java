package dev.genpt.benchmark;

import dev.genpt.inspect.Palette;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.stream.Stream;

/**
 * The colour of a series, by the first words of its name: new and old in the same two colours
 * everywhere, all of the colour-blind-safe set of Okabe and Ito.
 */
enum Look {
  NEW("new", Palette.NEW_ENGINE),
  OLD("old", Palette.OLD_ENGINE),
  LIMIT("limit", Palette.PLAIN.line()),
  JAVA("Java", Palette.NEW_ENGINE),
  C_WITH_RETPOLINES("C with retpolines", Palette.FLAW.line()),
  C("C", Palette.TABLE.line()),
  PUBLISHED("Linux", Palette.TABLE.line()),
  BARE("bare", Palette.PLAIN.line()),
  ONE("one thread", Palette.INPUT.line()),
  TWO("two threads", Palette.OUTPUT.line());

  private static final float WIDTH = 2.5f;
  private static final float[] DASHES = {7, 6};

  private final String words;
  private final Color color;

  Look(String words, String color) {
    this.words = words;
    this.color = Color.decode(color);
  }

  /** The look of a series. */
  static Look of(String series) {
    return Stream.of(values())
        .filter(look -> series.startsWith(look.words))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no colour for " + series));
  }

  Color color() {
    return color;
  }

  /** Solid lines, but dashed for unmap. */
  static BasicStroke stroke(String series) {
    return series.endsWith(" unmap")
        ? new BasicStroke(WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0)
        : new BasicStroke(WIDTH);
  }
}
