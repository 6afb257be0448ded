package dev.genpt.show;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A Tablesaw table as HTML: numbers to the right, everything else to the left. */
public final class TableHtml {
  private static final String CELL =
      "padding:4px 12px;border:0;border-bottom:1px solid #d0d0d0;color:#1c1c1c;";

  private TableHtml() {}

  /** The table, its name above it. */
  public static String of(Table table) {
    String head =
        table.columns().stream()
            .map(column -> cell("th", column, column.name()))
            .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    String rows =
        IntStream.range(0, table.rowCount())
            .mapToObj(row -> row(table, row))
            .collect(Collectors.joining());
    String caption =
        table.name() == null
            ? ""
            : "<caption style=\"text-align:left;font-weight:600;color:#1c1c1c;padding:6px 12px\">%s</caption>\n"
                .formatted(Html.escape(table.name()));
    return "<table style=\"%sborder-collapse:collapse;margin:4px 0\">\n%s%s%s</table>"
        .formatted(Html.sheet(), caption, head, rows);
  }

  private static String row(Table table, int row) {
    return table.columns().stream()
        .map(column -> cell("td", column, column.getString(row)))
        .collect(Collectors.joining("", "<tr style=\"background:#ffffff\">", "</tr>\n"));
  }

  private static String cell(String tag, Column<?> column, String text) {
    String side = column instanceof NumericColumn ? "right" : "left";
    return "<%1$s style=\"%2$stext-align:%3$s\">%4$s</%1$s>"
        .formatted(tag, CELL, side, Html.escape(text));
  }
}
