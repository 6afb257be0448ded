package dev.genpt.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tech.tablesaw.api.Table;

/**
 * The points of a chart as they are gathered: a series, a place along the axis, a value.
 *
 * <p>Threads: one at a time.
 */
final class Points {
  private record Point(String series, String category, double x, double value) {}

  private final List<Point> points = new ArrayList<>();

  /** A bar. */
  void add(String series, String category, double value) {
    points.add(new Point(series, category, Double.NaN, value));
  }

  /** A bar, if there is one. */
  void add(String series, String category, Optional<Double> value) {
    value.ifPresent(present -> add(series, category, present));
  }

  /** A point of a line. */
  void add(String series, double x, double value) {
    points.add(new Point(series, "", x, value));
  }

  /** Bars: series, {@code category}, {@code value}. */
  Table bars(String category, String value) {
    return Table.create(
        Tables.text("series", points, Point::series),
        Tables.text(category, points, Point::category),
        Tables.number(value, points, Point::value));
  }

  /** Lines: series, {@code x}, {@code value}. */
  Table lines(String x, String value) {
    return Table.create(
        Tables.text("series", points, Point::series),
        Tables.number(x, points, Point::x),
        Tables.number(value, points, Point::value));
  }
}
