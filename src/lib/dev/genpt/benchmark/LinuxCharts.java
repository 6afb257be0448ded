package dev.genpt.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/**
 * The charts that show a run beside what was measured of Linux: published figures, and times of its
 * C code.
 *
 * <p>Stateless; any thread may call. Each throws {@link MissingRows} if the run lacks the rows.
 */
public final class LinuxCharts {
  private static final int GIBIBYTE = 1 << 18;

  /** A case of the C times, and the row of a run that does the same. */
  private record Counterpart(String label, String operation, int count, String mode, String c) {}

  private static final List<Counterpart> COUNTERPARTS =
      List.of(
          new Counterpart("map 1 page", "map", 1, "batched", "map_batch256"),
          new Counterpart("map 256", "map", Charts.RUN, "discrete", "map"),
          new Counterpart("map 1 GiB", "map", GIBIBYTE, "discrete", "map_1GiB_one"),
          new Counterpart("unmap 1 page", "unmap", 1, "batched", "unmap_batch256"),
          new Counterpart("unmap 256", "unmap", Charts.RUN, "discrete", "unmap"),
          new Counterpart("unmap 1 GiB", "unmap", GIBIBYTE, "discrete", "unmap_1GiB_one"),
          new Counterpart("translate", "iova_to_phys", 1, "batched", "iova_to_phys_batch256"));

  private LinuxCharts() {}

  /**
   * What the generic page table gained, in Linux and here: the old engine's least time by the new
   * one's.
   *
   * @param operation {@code map} or {@code unmap}
   */
  public static Figure published(
      RecordedRun run, List<PublishedTiming> published, String operation) {
    Points points = new Points();
    List<String> findings = new ArrayList<>();
    for (String format : run.formats()) {
      for (OldAndNew ours : OldAndNew.of(run, format, operation)) {
        published.stream()
            .filter(row -> row.source().startsWith("cover letter"))
            .map(PublishedTiming::times)
            .filter(ours::isSameCaseAs)
            .forEach(theirs -> {
              String category = format + " " + ours.label();
              points.add("Linux, published", category, theirs.ratio());
              points.add("new engine, this run", category, ours.ratio());
              if (ours.count() == Charts.RUN) {
                findings.add(
                    "%s %s %s: %s as the old engine in Linux, %s here"
                        .formatted(
                            format,
                            operation,
                            ours.label(),
                            Words.speed(theirs.ratio()),
                            Words.speed(ours.ratio())));
              }
            });
      }
    }
    if (findings.isEmpty()) {
      throw new MissingRows("old and new " + operation + " of 256 entries, discrete, alone");
    }
    Table table = points.bars("case", "least time of old by new (log scale)");
    return new Figure(
        "published-" + operation,
        "How many times as fast as the old engine the new one is, in what Linux's developers published"
            + " (cover letter) and in this run: minimum by minimum, as their percent column does it. At 1"
            + " both are equal. Compare the ratios, not the speeds: here two Java programs meet, there two in C.",
        lines("published: Intel i7-12700, gcc 13.3.0", run),
        table,
        Drawing.logarithmicBars(table, findings.getFirst(), Words::plain));
  }

  private static List<String> lines(String first, RecordedRun run) {
    return Stream.concat(
            Stream.of(first), run.machines().stream().map(machine -> "this run: " + machine))
        .toList();
  }

  /** The generic page table in Java beside the C code of Linux, on one format. */
  public static Figure cAndJava(
      RecordedRun run, List<CTiming> c, List<CTiming> retpolines, String format) {
    Points points = new Points();
    List<String> findings = new ArrayList<>();
    for (Counterpart each : COUNTERPARTS) {
      Optional<Double> java =
          run.alone(format, "new", each.operation, Charts.PAGE, each.count, each.mode)
              .map(row -> row.medianNs() / each.count);
      Optional<Double> plain = perPage(c, format, each);
      if (java.isPresent() && plain.isPresent()) {
        points.add("Java", each.label, java);
        points.add("C", each.label, plain);
        points.add("C with retpolines", each.label, perPage(retpolines, format, each));
        if (each.count == Charts.RUN) {
          findings.add(
              "%s in %s in Java, %s in C"
                  .formatted(
                      each.operation,
                      Words.time(java.get() * Charts.RUN),
                      Words.time(plain.get() * Charts.RUN)));
        }
      }
    }
    if (findings.isEmpty()) {
      throw new MissingRows(format + " new map 256*2^12, discrete, alone, in Java and in C");
    }
    Table table = points.bars("pages of 4K in one call", Charts.PER_PAGE);
    return new Figure(
        "c-and-java-" + format,
        "The generic page table on "
            + format
            + ": this library, and Linux's own C code built as a program, plainly and with the retpolines"
            + " that kernels of distributions have. The machines differ, so only large differences mean"
            + " something. One page and translate are calls in a row; 1 GiB makes its 512 tables.",
        lines("C: AMD EPYC, another machine, gcc 12 -O2", run),
        table,
        Drawing.logarithmicBars(
            table, format + ", 256 pages: " + String.join("; ", findings), Words::tick));
  }

  private static Optional<Double> perPage(List<CTiming> rows, String format, Counterpart each) {
    return rows.stream()
        .filter(row ->
            row.engine().equals(format)
                && row.operation().equals(each.c)
                && row.pageSizeLg2() == Charts.PAGE
                && row.count() == each.count)
        .findFirst()
        .map(row -> row.medianNs() / each.count);
  }
}
