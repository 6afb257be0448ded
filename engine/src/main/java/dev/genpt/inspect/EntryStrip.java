package dev.genpt.inspect;

import dev.genpt.inspect.Palette.Tone;
import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import java.util.List;

/**
 * A word drawn as a row of boxes, one a field: bit numbers above, name and value inside, the
 * address it holds below.
 */
final class EntryStrip {
  /** Pixels from the top of the bit numbers to the bottom of the line below the boxes. */
  static final int HEIGHT = 82;

  private static final int BOX_TOP = 16;
  private static final int BOX_HEIGHT = 42;
  private static final int PADDING = 12;
  private static final int LEAST_WIDTH = 28;
  private static final Font BITS = Font.sans(11).in(Palette.PLAIN);
  private static final Font NAME = Font.sans(12).inBold();
  private static final Font VALUE = Font.mono(12);
  private static final Font NOTE = Font.sans(12).inBold();

  private final List<DecodedField> fields;

  EntryStrip(DecodedEntry entry) {
    fields = entry.fields();
  }

  /** The least width that shows everything. */
  int leastWidth() {
    return fields.stream().mapToInt(EntryStrip::leastWidth).sum();
  }

  private static int leastWidth(DecodedField field) {
    int text =
        Math.max(
            BITS.widthOf(field.bitRange()),
            Math.max(NAME.widthOf(field.bits().name()), VALUE.widthOf(field.valueText())));
    int note = isAddress(field) ? NOTE.widthOf(field.note()) : 0;
    return Math.max(LEAST_WIDTH, Math.max(text + PADDING, note));
  }

  /** Draws it at least {@code width} pixels wide; what is to spare goes to the address. */
  void draw(SvgCanvas canvas, int x, int y, int width) {
    int spare = Math.max(0, width - leastWidth());
    boolean hasAddress = fields.stream().anyMatch(EntryStrip::isAddress);
    int shares = fields.stream().mapToInt(field -> share(field, hasAddress)).sum();
    int taken = 0;
    int at = x;
    int right = x;
    for (DecodedField field : fields) {
      taken += share(field, hasAddress);
      right += leastWidth(field);
      int next = right + spare * taken / shares;
      draw(canvas, field, at, y, next - at);
      at = next;
    }
  }

  /** What part of the spare room a field gets: by its bits, and only addresses if there is one. */
  private static int share(DecodedField field, boolean hasAddress) {
    return hasAddress && !isAddress(field) ? 0 : field.bits().width();
  }

  private static void draw(SvgCanvas canvas, DecodedField field, int x, int y, int width) {
    Tone tone = tone(field);
    int middle = x + width / 2;
    boolean named = !field.bits().name().isEmpty();
    canvas.text(middle, y + BOX_TOP - 5, Anchor.MIDDLE, BITS, field.bitRange());
    canvas.box(x, y + BOX_TOP, width, BOX_HEIGHT, fill(field, tone), tone.line());
    Font name = tone.equals(Palette.PLAIN) ? NAME : NAME.in(tone);
    Font value = named || field.value() != 0 ? VALUE : VALUE.in(Palette.PLAIN);
    canvas.text(middle, y + BOX_TOP + 17, Anchor.MIDDLE, name, field.bits().name());
    canvas.text(
        middle,
        y + BOX_TOP + 34,
        Anchor.MIDDLE,
        tone.equals(Palette.PLAIN) ? value : VALUE.in(tone),
        field.valueText());
    if (isAddress(field)) {
      canvas.text(
          middle, y + BOX_TOP + BOX_HEIGHT + 17, Anchor.MIDDLE, NOTE.in(tone), field.note());
    }
  }

  /**
   * White for a named field, grey for bits without a name, a tint where there is something to see.
   */
  private static String fill(DecodedField field, Tone tone) {
    return tone.equals(Palette.PLAIN) && field.role() != FieldRole.UNNAMED
        ? "#ffffff"
        : tone.fill();
  }

  static Tone tone(DecodedField field) {
    return field.isUnknown() ? Palette.FLAW : Palette.toneOf(field.role());
  }

  private static boolean isAddress(DecodedField field) {
    return field.role() == FieldRole.TABLE_ADDRESS || field.role() == FieldRole.OUTPUT_ADDRESS;
  }
}
