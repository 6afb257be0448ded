package dev.genpt.inspect;

import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import dev.genpt.table.EntryType;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws the sheet of a format: an address in its fields, then an example of each of its words. */
final class FormatDrawing {
  private static final int MARGIN = 20;
  private static final int WIDTH = 960;
  private static final int LINE = 22;
  private static final Font TITLE = Font.sans(17).inBold();
  private static final Font HEAD = Font.sans(15).inBold();
  private static final Font WORD = Font.mono(13).inBold();
  private static final Font TEXT = Font.sans(13);

  private final SvgCanvas canvas = new SvgCanvas();
  private int y = MARGIN + 14;

  private FormatDrawing() {}

  static String draw(FormatSheet sheet) {
    return new FormatDrawing().drawSheet(sheet);
  }

  private String drawSheet(FormatSheet sheet) {
    String title = "%s: %s".formatted(sheet.definition().name(), sheet.definition().title());
    int words =
        sheet.layouts().stream()
            .flatMap(layout -> layout.examples().stream())
            .mapToInt(example -> new EntryStrip(example).leastWidth())
            .max()
            .orElse(0);
    int width =
        IntStream.of(WIDTH, words, AddressDrawing.widthOf(sheet.address())).max().getAsInt();
    canvas.text(MARGIN, y, Anchor.START, TITLE, title);
    y += LINE;
    String walker = "Walked by: " + sheet.definition().hardware().walker();
    canvas.text(MARGIN, y, Anchor.START, TEXT.in(Palette.PLAIN), walker);
    y += LINE + 14;
    head(Palette.INPUT, "Input address " + TextView.hex(sheet.address().iova()));
    y += 8;
    y += AddressDrawing.drawParts(canvas, sheet.address(), MARGIN, y) + LINE;
    for (EntryLayout layout : sheet.layouts()) {
      y += 14;
      head(layout.type() == EntryType.TABLE ? Palette.TABLE : Palette.OUTPUT, layout.title());
      for (DecodedEntry example : layout.examples()) {
        drawExample(example, width);
      }
    }
    return canvas.svg(width + 2 * MARGIN, y + MARGIN - LINE, title, description(sheet));
  }

  private void head(Palette.Tone tone, String text) {
    canvas.text(MARGIN, y, Anchor.START, HEAD.in(tone), text);
    y += LINE;
  }

  private void drawExample(DecodedEntry example, int width) {
    canvas.text(MARGIN, y, Anchor.START, WORD, example.wordText());
    canvas.text(
        MARGIN + WORD.widthOf(example.wordText()) + 14,
        y,
        Anchor.START,
        TEXT,
        "at level %d: %s".formatted(example.level(), example.summary()));
    y += 8;
    new EntryStrip(example).draw(canvas, MARGIN, y, width);
    y += EntryStrip.HEIGHT + LINE;
  }

  private static String description(FormatSheet sheet) {
    return sheet.layouts().stream()
        .map(layout ->
            layout.parts().stream()
                .map(part ->
                    "bits %s %s: %s".formatted(part.bits().range(), part.name(), part.meaning()))
                .collect(Collectors.joining("; ", layout.title() + ": ", ".")))
        .collect(Collectors.joining(" "));
  }
}
