package dev.genpt.inspect;

import dev.genpt.inspect.Palette.Tone;
import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import java.util.List;
import java.util.stream.Collectors;

/** Draws one entry as a bit-field picture with a line for each field. */
final class EntryDrawing {
  private static final int MARGIN = 20;
  private static final int WIDTH = 860;
  private static final int LINE = 22;
  private static final Font TITLE = Font.mono(17).inBold();
  private static final Font SUMMARY = Font.sans(14);
  private static final Font BITS = Font.mono(13).in(Palette.PLAIN);
  private static final Font NAME = Font.sans(13).inBold();
  private static final Font VALUE = Font.mono(13);
  private static final Font NOTE = Font.sans(13);

  private EntryDrawing() {}

  static String draw(DecodedEntry entry) {
    var canvas = new SvgCanvas();
    var strip = new EntryStrip(entry);
    int width = Math.max(WIDTH, strip.leastWidth());
    int y = MARGIN + 14;
    canvas.text(MARGIN, y, Anchor.START, TITLE, entry.wordText());
    canvas.text(
        MARGIN + TITLE.widthOf(entry.wordText()) + 14,
        y,
        Anchor.START,
        SUMMARY.in(Palette.PLAIN),
        "in a level-%d table".formatted(entry.level()));
    Font summary = entry.flaw().isPresent() ? SUMMARY.in(Palette.FLAW) : SUMMARY;
    for (String line : SUMMARY.wrap(entry.summary(), width)) {
      y += LINE;
      canvas.text(MARGIN, y, Anchor.START, summary, line);
    }
    y += LINE - 8;
    strip.draw(canvas, MARGIN, y, width);
    y += EntryStrip.HEIGHT + LINE;
    List<DecodedField> explained =
        entry.fields().stream().filter(field -> !field.note().isEmpty()).toList();
    for (DecodedField field : explained) {
      Tone tone = EntryStrip.tone(field);
      canvas.text(MARGIN, y, Anchor.START, BITS, field.bitRange());
      canvas.text(MARGIN + 70, y, Anchor.START, NAME, field.bits().name());
      canvas.text(MARGIN + 170, y, Anchor.START, VALUE, field.valueText());
      canvas.text(
          MARGIN + 310,
          y,
          Anchor.START,
          tone.equals(Palette.PLAIN) ? NOTE : NOTE.in(tone),
          field.note());
      y += LINE;
    }
    return canvas.svg(
        width + 2 * MARGIN,
        y - LINE + MARGIN,
        "Page-table entry %s: %s".formatted(entry.wordText(), entry.summary()),
        explained.stream()
            .map(field ->
                "Bits %s %s are %s: %s."
                    .formatted(
                        field.bitRange(), field.bits().name(), field.valueText(), field.note()))
            .collect(Collectors.joining(" ")));
  }
}
