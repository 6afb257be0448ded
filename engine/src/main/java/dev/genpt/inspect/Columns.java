package dev.genpt.inspect;

import java.util.ArrayList;
import java.util.List;

/** Lines up rows of text in columns, at most {@link TextView#COLUMNS} wide. Stateless. */
final class Columns {
  private static final String GAP = "  ";
  private static final int LEAST_LAST = 20;

  private Columns() {}

  /** As {@link #text}, with the first row in bold. */
  static String headed(Ink ink, List<List<String>> rows, String indent) {
    String text = text(rows, indent);
    int end = text.indexOf('\n');
    return ink.bold(text.substring(0, end)) + text.substring(end);
  }

  /**
   * The rows, a line each; the last column is broken into lines where it takes more room than there
   * is.
   *
   * @param rows cells from left to right, as many in each row
   * @param indent what each line begins with
   */
  static String text(List<List<String>> rows, String indent) {
    List<Integer> widths = widths(rows);
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var start = new StringBuilder(indent);
      for (int i = 0; i < row.size() - 1; i++) {
        start.append(("%-" + widths.get(i) + "s").formatted(row.get(i))).append(GAP);
      }
      String blank = " ".repeat(start.length());
      int room = Math.max(LEAST_LAST, TextView.COLUMNS - start.length());
      List<String> lines = Wrap.columns(row.getLast(), room);
      for (int i = 0; i < lines.size(); i++) {
        text.append(((i == 0 ? start : blank) + lines.get(i)).stripTrailing()).append('\n');
      }
    }
    return text.toString();
  }

  private static List<Integer> widths(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < rows.getFirst().size(); i++) {
      int column = i;
      widths.add(rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    return widths;
  }
}
