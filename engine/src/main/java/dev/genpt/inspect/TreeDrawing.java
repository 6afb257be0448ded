package dev.genpt.inspect;

import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Row;
import dev.genpt.inspect.TableTree.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Draws a whole table as an indented list in aligned columns. Not thread-safe; one a drawing. */
final class TreeDrawing {
  private static final int MARGIN = 20;
  private static final int ROW = 25;
  private static final int INDENT = 24;
  private static final int COLUMN_GAP = 26;
  private static final int HEAD = 92;
  private static final Font TITLE = Font.sans(17).inBold();
  private static final Font HEADING = Font.sans(12).in(Palette.PLAIN);
  private static final Font CELL = Font.mono(13);
  private static final Font REMARK = Font.sans(13);
  private static final String BRANCH = "#b4b4b4";

  /**
   * A row on the picture.
   *
   * @param depth how far it is indented
   * @param parentLine index of the line of its table, -1 for the root
   * @param upperLine index of the line that it is joined to: the one before it in its table, or the
   *     table's
   * @param text what it says
   */
  private record Line(int depth, int parentLine, int upperLine, RowText text) {}

  private final TableTree tree;
  private final List<Line> lines = new ArrayList<>();
  private int left;

  TreeDrawing(TableTree tree) {
    this.tree = tree;
  }

  String draw() {
    Table root = tree.root();
    lines.add(
        new Line(
            0,
            -1,
            -1,
            new RowText(
                "root",
                "",
                "level-%d table, table address %s"
                    .formatted(root.level(), TextView.hex(root.address())),
                Palette.TABLE,
                "%d items".formatted(root.items()))));
    collect(root, 1, 0);
    var canvas = new SvgCanvas();
    String title = RowText.title(tree);
    canvas.text(MARGIN, MARGIN + 14, Anchor.START, TITLE, title);
    int input =
        MARGIN + widest(line -> line.depth * INDENT + CELL.widthOf(line.text.items())) + COLUMN_GAP;
    int inputWidth =
        Math.max(HEADING.widthOf("input address"), widest(line -> CELL.widthOf(line.text.input())));
    int target = input + inputWidth + COLUMN_GAP;
    // A row without a remark may run on into the last column.
    int remark =
        target
            + widest(line -> line.text.remark().isEmpty() ? 0 : CELL.widthOf(line.text.target()))
            + COLUMN_GAP;
    int width =
        Math.max(
                remark + widest(line -> REMARK.widthOf(line.text.remark())),
                target + widest(line -> CELL.widthOf(line.text.target())))
            + MARGIN;
    int heading = HEAD - ROW;
    canvas.text(MARGIN, heading, Anchor.START, HEADING, "items");
    canvas.text(input, heading, Anchor.START, HEADING, "input address");
    canvas.text(target, heading, Anchor.START, HEADING, "leads to");
    for (int i = 0; i < lines.size(); i++) {
      drawLine(canvas, i, input, target, remark);
    }
    int y = HEAD + lines.size() * ROW;
    if (left > 0) {
      canvas.text(
          MARGIN, y, Anchor.START, REMARK.in(Palette.PLAIN), "and %d rows more".formatted(left));
      y += ROW;
    }
    return canvas.svg(Math.max(width, MARGIN * 2 + TITLE.widthOf(title)), y, title, description());
  }

  private String description() {
    return lines.stream()
        .map(Line::text)
        .map(text ->
            "%s %s %s %s.".formatted(text.items(), text.input(), text.target(), text.remark()))
        .map(text -> text.replaceAll(" +", " ").replace(" .", "."))
        .collect(Collectors.joining(" "));
  }

  private void collect(Table table, int depth, int parentLine) {
    int upperLine = parentLine;
    for (Row row : table.rows()) {
      if (lines.size() >= TableTree.SHOWN_ROWS) {
        left++;
      } else {
        lines.add(new Line(depth, parentLine, upperLine, RowText.of(row, tree.wordBits())));
        upperLine = lines.size() - 1;
      }
      if (row instanceof Pointer pointer) {
        collect(pointer.table(), depth + 1, lines.size() - 1);
      }
    }
  }

  private int widest(ToIntFunction<Line> width) {
    return lines.stream().mapToInt(width).max().orElse(0);
  }

  private void drawLine(SvgCanvas canvas, int index, int input, int target, int remark) {
    Line line = lines.get(index);
    int y = HEAD + index * ROW;
    int x = MARGIN + line.depth * INDENT;
    if (line.parentLine >= 0) {
      int branch = x - INDENT + 8;
      int from = HEAD + line.upperLine * ROW + (line.upperLine == line.parentLine ? 6 : -4);
      canvas.hairline(BRANCH, branch, from, branch, y - 4);
      canvas.hairline(BRANCH, branch, y - 4, x - 3, y - 4);
    }
    canvas.text(x, y, Anchor.START, CELL, line.text.items());
    canvas.text(input, y, Anchor.START, CELL.in(Palette.INPUT), line.text.input());
    canvas.text(target, y, Anchor.START, CELL.in(line.text.tone()), line.text.target());
    canvas.text(remark, y, Anchor.START, REMARK.in(Palette.PLAIN), line.text.remark());
  }
}
