package dev.genpt.benchmark;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import tech.tablesaw.api.DateColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tablesaw tables of measured times, with the columns of the CSV files. Stateless. */
public final class Tables {
  private Tables() {}

  /** A recorded run. */
  public static Table of(RecordedRun run) {
    List<Measurement> rows = run.rows();
    return Table.create(
        "Recorded run",
        text("format", rows, Measurement::format),
        text("engine", rows, Measurement::engine),
        text("operation", rows, Measurement::operation),
        whole("page_size_lg2", rows, Measurement::pageSizeLg2),
        whole("count", rows, Measurement::count),
        text("mode", rows, Measurement::mode),
        text("state", rows, Measurement::state),
        number("avg_ns", rows, Measurement::averageNs),
        number("min_ns", rows, Measurement::leastNs),
        number("p50_ns", rows, Measurement::medianNs),
        number("p99_ns", rows, Measurement::p99Ns),
        text("jvm", rows, Measurement::jvm),
        text("cpu", rows, Measurement::cpu),
        DateColumn.create("date", rows.stream().map(Measurement::date)));
  }

  /** Published figures. */
  public static Table ofPublished(List<PublishedTiming> rows) {
    return Table.create(
        "Published",
        text("source", rows, PublishedTiming::source),
        text("format", rows, row -> row.times().format()),
        text("operation", rows, row -> row.times().operation()),
        whole("page_size_lg2", rows, row -> row.times().pageSizeLg2()),
        whole("count", rows, row -> row.times().count()),
        number("avg_new_ns", rows, row -> row.times().averageNew()),
        number("avg_old_ns", rows, row -> row.times().averageOld()),
        number("min_new_ns", rows, row -> row.times().leastNew()),
        number("min_old_ns", rows, row -> row.times().leastOld()),
        text("printed_percent", rows, PublishedTiming::printedPercent),
        number("exact_percent", rows, row -> row.times().exactPercent()));
  }

  /** Times of the C code. */
  public static Table ofC(List<CTiming> rows) {
    return Table.create(
        "C code of Linux",
        text("engine", rows, CTiming::engine),
        text("op", rows, CTiming::operation),
        whole("pgsz_lg2", rows, CTiming::pageSizeLg2),
        whole("count", rows, CTiming::count),
        number("median_avg_ns", rows, CTiming::averageNs),
        number("median_p50_ns", rows, CTiming::medianNs),
        number("median_min_ns", rows, CTiming::leastNs),
        number("best_avg_ns", rows, CTiming::bestAverageNs),
        number("worst_avg_ns", rows, CTiming::worstAverageNs));
  }

  static <T> StringColumn text(String name, List<T> rows, Function<T, String> value) {
    return StringColumn.create(name, rows.stream().map(value));
  }

  static <T> IntColumn whole(String name, List<T> rows, ToIntFunction<T> value) {
    return IntColumn.create(name, rows.stream().mapToInt(value).toArray());
  }

  static <T> DoubleColumn number(String name, List<T> rows, ToDoubleFunction<T> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }
}
