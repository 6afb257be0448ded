package dev.genpt.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The cells of one line of a CSV file without quotes, by the names of their columns. */
final class CsvRow {
  private final List<String> columns;
  private final List<String> cells;
  private final String line;

  private CsvRow(List<String> columns, List<String> cells, String line) {
    this.columns = columns;
    this.cells = cells;
    this.line = line;
  }

  /**
   * The cells of a line.
   *
   * @throws IllegalArgumentException if there are more or fewer than columns
   */
  static CsvRow of(String header, String line) {
    List<String> columns = List.of(header.split(",", -1));
    List<String> cells = List.of(line.split(",", -1));
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          "%d columns instead of %d: %s".formatted(cells.size(), columns.size(), line));
    }
    return new CsvRow(columns, cells, line);
  }

  /**
   * The rows of a file.
   *
   * @param header what the first line must be
   * @throws IOException if it can't be read
   * @throws IllegalArgumentException for a file without rows, another header or a bad row, with
   *     file and line
   */
  static <T> List<T> readAll(Path file, String header, Function<CsvRow, T> parse)
      throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().equals(header)) {
      throw new IllegalArgumentException("%s: the first line must be %s".formatted(file, header));
    }
    List<T> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      try {
        rows.add(parse.apply(of(header, lines.get(i))));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, line %d: %s".formatted(file, i + 1, e.getMessage()), e);
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("%s: no rows".formatted(file));
    }
    return List.copyOf(rows);
  }

  String text(String column) {
    return cells.get(columns.indexOf(column));
  }

  int whole(String column) {
    return parsed(column, "a whole number", Integer::parseInt);
  }

  /** A time, which is above 0. */
  double time(String column) {
    double time = parsed(column, "a number", Double::parseDouble);
    if (!(time > 0) || Double.isInfinite(time)) {
      throw new IllegalArgumentException(
          "%s \"%s\" is not a time above 0: %s".formatted(column, text(column), line));
    }
    return time;
  }

  /**
   * A cell as {@code parse} reads it.
   *
   * @param kind what it must be, for the error
   * @throws IllegalArgumentException that names the column and the line
   */
  <T> T parsed(String column, String kind, Function<String, T> parse) {
    try {
      return parse.apply(text(column));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "%s \"%s\" is not %s: %s".formatted(column, text(column), kind, line), e);
    }
  }
}
