package dev.genpt.inspect;

import dev.genpt.inspect.AddressSplit.Part;
import dev.genpt.inspect.AddressSplit.Use;
import dev.genpt.inspect.Palette.Tone;
import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import java.util.List;
import java.util.stream.Collectors;

/** Draws an input address, cut into its index fields and its offset. */
final class AddressDrawing {
  private static final int MARGIN = 20;
  private static final int LEAST_WIDTH = 112;
  private static final int BOX_HEIGHT = 50;
  private static final Font TITLE = Font.sans(17).inBold();
  private static final Font ADDRESS = Font.mono(17).inBold().in(Palette.INPUT);
  private static final Font BITS = Font.sans(12).in(Palette.PLAIN);
  private static final Font DIGITS = Font.mono(13);
  private static final Font VALUE = Font.sans(13).inBold();
  private static final Font USE = Font.sans(13);

  private AddressDrawing() {}

  static String draw(AddressSplit split) {
    var canvas = new SvgCanvas();
    int y = MARGIN + 14;
    int x = MARGIN;
    canvas.text(x, y, Anchor.START, TITLE, "Input address");
    String address = TextView.hex(split.iova());
    int addressAt = x + TITLE.widthOf("Input address") + 10;
    canvas.text(addressAt, y, Anchor.START, ADDRESS, address);
    y += 34;
    int height = drawParts(canvas, split, x, y);
    int right = Math.max(x + widthOf(split), addressAt + ADDRESS.widthOf(address));
    String title = "Input address %s, cut into its fields".formatted(address);
    return canvas.svg(right + MARGIN, y + height + MARGIN, title, description(split));
  }

  /**
   * Draws the fields side by side, with their uses below; bit numbers stand above {@code y}.
   * Returns the height.
   */
  static int drawParts(SvgCanvas canvas, AddressSplit split, int left, int y) {
    int x = left;
    for (Part part : split.parts()) {
      int width = widthOf(part);
      drawPart(canvas, part, x, y, width);
      canvas.text(x + width / 2, y + BOX_HEIGHT + 20, Anchor.MIDDLE, USE, useText(part));
      x += width;
    }
    return BOX_HEIGHT + 20;
  }

  /** Pixels that the fields take side by side. */
  static int widthOf(AddressSplit split) {
    return split.parts().stream().mapToInt(AddressDrawing::widthOf).sum();
  }

  private static String description(AddressSplit split) {
    return split.parts().stream()
        .map(part -> "Bits %s: %s.".formatted(part.bitRange(), valueText(part)))
        .collect(Collectors.joining(" "));
  }

  private static int widthOf(Part part) {
    int text =
        Math.max(DIGITS.widthOf(digits(part, Integer.MAX_VALUE)), USE.widthOf(useText(part)));
    return Math.max(LEAST_WIDTH, Math.max(text, VALUE.widthOf(valueText(part))) + 16);
  }

  /** Draws one field: bit numbers above, then its digits and its value in a box. */
  static void drawPart(SvgCanvas canvas, Part part, int x, int y, int width) {
    Tone tone = tone(part);
    int middle = x + width / 2;
    canvas.text(middle, y - 6, Anchor.MIDDLE, BITS, "bits " + part.bitRange());
    canvas.box(x, y, width, BOX_HEIGHT, tone);
    String digits = digits(part, width - 10);
    if (digits.isEmpty()) {
      canvas.text(middle, y + 31, Anchor.MIDDLE, VALUE.in(tone), valueText(part));
    } else {
      canvas.text(middle, y + 20, Anchor.MIDDLE, DIGITS.in(tone), digits);
      canvas.text(middle, y + 40, Anchor.MIDDLE, VALUE.in(tone), valueText(part));
    }
  }

  /** Height of a field's box. */
  static int boxHeight() {
    return BOX_HEIGHT;
  }

  /**
   * The binary digits; none of a part that is not looked at, or where they take more than that
   * room.
   */
  private static String digits(Part part, int room) {
    if (part.use() == Use.ABOVE || part.use() == Use.NOT_REACHED) {
      return "";
    }
    String digits = Long.toBinaryString(part.value());
    String all = "0".repeat(part.bits().width() - digits.length()) + digits;
    return DIGITS.widthOf(all) <= room ? all : "";
  }

  private static String valueText(Part part) {
    return switch (part.use()) {
      case ABOVE -> part.value() == 0 ? "all 0" : part.valueText();
      case INDEX -> "index " + part.valueText();
      case OFFSET -> "offset " + part.valueText();
      case NOT_REACHED -> "not looked at";
    };
  }

  private static String useText(Part part) {
    return switch (part.use()) {
      case ABOVE -> "not decoded";
      case INDEX -> "item of level " + part.level();
      case OFFSET -> "kept as it is";
      case NOT_REACHED -> "the walk ended before";
    };
  }

  private static Tone tone(Part part) {
    return part.use() == Use.INDEX || part.use() == Use.OFFSET ? Palette.INPUT : Palette.PLAIN;
  }

  /** All fields that a table decodes. */
  static List<Part> decoded(AddressSplit split) {
    return split.parts().stream().filter(part -> part.use() != Use.ABOVE).toList();
  }
}
