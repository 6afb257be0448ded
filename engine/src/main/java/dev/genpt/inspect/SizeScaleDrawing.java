package dev.genpt.inspect;

import dev.genpt.inspect.SizeScale.Size;
import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import java.util.stream.Collectors;

/** Draws byte counts as bars whose length is the logarithm. */
final class SizeScaleDrawing {
  private static final int MARGIN = 24;
  private static final int TOP = 74;
  private static final int ROW = 58;
  private static final int BAR_HEIGHT = 20;
  private static final int PIXELS_A_BIT = 13;
  private static final int MOST_BITS = 64;
  private static final int BITS_A_TICK = 10;
  private static final String RULER = "#d0d0d0";
  private static final Font TITLE = Font.sans(16).inBold();
  private static final Font SUBTITLE = Font.sans(13).in(Palette.PLAIN);
  private static final Font LABEL = Font.sans(14);
  private static final Font TICK = Font.sans(12).in(Palette.PLAIN);

  private SizeScaleDrawing() {}

  static String draw(SizeScale scale) {
    var canvas = new SvgCanvas();
    int bottom = TOP + scale.sizes().size() * ROW;
    canvas.text(MARGIN, 36, Anchor.START, TITLE, scale.title());
    canvas.text(MARGIN, 56, Anchor.START, SUBTITLE, "Bytes. Every bit to the right doubles.");
    for (int bits = 0; bits < MOST_BITS; bits += BITS_A_TICK) {
      int x = MARGIN + bits * PIXELS_A_BIT;
      canvas.hairline(RULER, x, TOP, x, bottom);
      canvas.text(
          x, bottom + 18, bits == 0 ? Anchor.START : Anchor.MIDDLE, TICK, ByteSize.ofLg2(bits));
    }
    String description =
        scale.sizes().stream()
            .map(size -> size.label() + ": " + size.text() + ".")
            .collect(Collectors.joining(" "));
    int y = TOP;
    for (Size size : scale.sizes()) {
      canvas.text(
          MARGIN + 6,
          y + 22,
          Anchor.START,
          LABEL.in(size.tone()),
          size.label() + ": " + size.text());
      int length = Math.max(2, (int) Math.round(size.lg2() * PIXELS_A_BIT));
      canvas.box(MARGIN, y + 30, length, BAR_HEIGHT, size.tone().line(), size.tone().line());
      y += ROW;
    }
    return canvas.svg(
        2 * MARGIN + MOST_BITS * PIXELS_A_BIT, bottom + 18 + MARGIN, scale.title(), description);
  }
}
