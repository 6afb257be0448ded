package dev.genpt.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The cases of one format and operation in the layout of upstream's benchmark, with the exact
 * percentage beside the one that upstream prints.
 *
 * <p>Threads: immutable.
 *
 * @param format name of the format
 * @param operation {@code map} or {@code unmap}
 * @param rows in the order of the table
 */
public record UpstreamTable(String format, String operation, List<OldAndNew> rows) {
  private static final List<String> OPERATIONS = List.of("map", "unmap");

  /** Keeps a copy of the rows. */
  public UpstreamTable {
    rows = List.copyOf(rows);
  }

  /** The tables of a run: those that have a row. */
  public static List<UpstreamTable> of(RecordedRun run) {
    List<UpstreamTable> tables = new ArrayList<>();
    for (String format : run.formats()) {
      for (String operation : OPERATIONS) {
        tables.add(new UpstreamTable(format, operation, OldAndNew.of(run, format, operation)));
      }
    }
    return tables.stream().filter(table -> !table.rows.isEmpty()).toList();
  }

  /** The published tables of one source, such as the cover letter. */
  public static List<UpstreamTable> of(List<PublishedTiming> published, String source) {
    List<OldAndNew> times =
        published.stream()
            .filter(row -> row.source().equals(source))
            .map(PublishedTiming::times)
            .toList();
    return times.stream()
        .map(each -> new UpstreamTable(each.format(), each.operation(), List.of()))
        .distinct()
        .map(empty ->
            new UpstreamTable(
                empty.format,
                empty.operation,
                times.stream()
                    .filter(each ->
                        each.format().equals(empty.format)
                            && each.operation().equals(empty.operation))
                    .toList()))
        .toList();
  }

  /** Format and operation. */
  public String title() {
    return format + " " + operation;
  }

  /** The cells, as texts. */
  public Table table() {
    return Table.create(
        title(),
        column("pgsz", OldAndNew::label),
        column("avg new,old ns", row -> pair(row.averageNew(), row.averageOld())),
        column("min new,old ns", row -> pair(row.leastNew(), row.leastOld())),
        column("min %", OldAndNew::printedPercent),
        column("exact %", row -> String.format(Locale.ROOT, "%.2f", row.exactPercent())));
  }

  private StringColumn column(String name, Function<OldAndNew, String> text) {
    return StringColumn.create(name, rows.stream().map(text));
  }

  private static String pair(double newer, double older) {
    return OldAndNew.wholeNanoseconds(newer) + "," + OldAndNew.wholeNanoseconds(older);
  }

  /** The table for a terminal: columns to the right, commas between them. */
  public String text() {
    List<StringColumn> columns =
        Stream.of(table().columnArray()).map(StringColumn.class::cast).toList();
    StringBuilder text = new StringBuilder(title()).append('\n');
    text.append(line(columns, StringColumn::name));
    for (int i = 0; i < rows.size(); i++) {
      int row = i;
      text.append(line(columns, column -> column.get(row)));
    }
    return text.toString();
  }

  private static String line(List<StringColumn> columns, Function<StringColumn, String> cell) {
    return columns.stream()
        .map(column -> toTheRight(cell.apply(column), width(column)))
        .collect(Collectors.joining(" , ", "  ", "\n"));
  }

  private static String toTheRight(String text, int width) {
    return " ".repeat(width - text.length()) + text;
  }

  private static int width(StringColumn column) {
    return Stream.concat(Stream.of(column.name()), column.asList().stream())
        .mapToInt(String::length)
        .max()
        .orElse(0);
  }
}
