package dev.genpt.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything that is told of a run: its charts, upstream's tables, and the charts that lack rows.
 *
 * @param run what was measured
 * @param published tables that Linux's developers published in the cover letter
 * @param figures the charts that the run has rows for
 * @param missing a sentence for each chart that is left out
 */
public record Report(
    RecordedRun run, List<UpstreamTable> published, List<Figure> figures, List<String> missing) {
  /** How the times were measured, a paragraph each. */
  static final List<String> METHOD =
      List.of(
          "Every case runs in processes of its own. Within one, the generic page table (new), the engine that"
              + " Linux had before (old) and the best loop of the JVM over as many words (limit) take turns, so"
              + " that what slows the machine meets all of them. Each time is that of the public call with all"
              + " its checks, its gather and its sync into a driver that only counts.",
          "Alone means that the case is all that its process has run; loaded, that every format and engine was"
              + " used before, as in a notebook. The charts show cases alone.",
          "Short calls are timed several at once, in places of their own, and the time is divided: so the least"
              + " time of one call is that of the best group. Limit allocates nothing and checks almost nothing;"
              + " no page table can reach it. The old engines are written as plainly as the new one and do the work"
              + " that the C code did. Times of different machines, published or in C, are shown beside these,"
              + " but only their ratios compare.");

  /** Why the tables have two columns of percents. */
  static final String PERCENT =
      "The tables have the layout of upstream's benchmark. Positive percents mean that the new engine's least time"
          + " is less than the old one's. Upstream computes them in whole numbers and prints the last two digits"
          + " again after the point, so its column says 19.19 for 19.05; the exact percent stands beside it.";

  private static final String COVER_LETTER = "cover letter v2";
  private static final String SWEPT = "amdv1";

  /** Keeps copies of the lists. */
  public Report {
    published = List.copyOf(published);
    figures = List.copyOf(figures);
    missing = List.copyOf(missing);
  }

  /**
   * The report of a run.
   *
   * @param others what the run is shown beside
   * @throws IOException if {@code others} can't be read
   */
  public static Report of(RecordedRun run, BenchmarkFolder others) throws IOException {
    List<PublishedTiming> published = others.published();
    List<CTiming> c = others.c();
    List<CTiming> retpolines = others.retpolineC();
    List<Figure> figures = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String format : run.formats()) {
      add(figures, missing, "old against new", () -> Charts.oldAndNew(run, format));
    }
    for (String operation : List.of("map", "unmap")) {
      add(
          figures,
          missing,
          "published beside ours",
          () -> LinuxCharts.published(run, published, operation));
    }
    for (String format : run.formats()) {
      add(
          figures,
          missing,
          "C beside Java",
          () -> LinuxCharts.cAndJava(run, c, retpolines, format));
    }
    for (String format : run.formats()) {
      add(figures, missing, "run length", () -> Charts.runLength(run, format));
    }
    add(figures, missing, "page sizes", () -> Charts.pageSizes(run, SWEPT));
    add(figures, missing, "threads", () -> Charts.threads(run));
    add(figures, missing, "memory", Charts::memory);
    return new Report(run, UpstreamTable.of(published, COVER_LETTER), figures, missing);
  }

  private static void add(
      List<Figure> figures, List<String> missing, String what, Supplier<Figure> chart) {
    try {
      figures.add(chart.get());
    } catch (MissingRows e) {
      missing.add(what + ": " + e.getMessage());
    }
  }

  /** The run's tables in upstream's layout. */
  public List<UpstreamTable> tables() {
    return UpstreamTable.of(run);
  }
}
