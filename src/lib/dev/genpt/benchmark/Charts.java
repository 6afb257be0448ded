package dev.genpt.benchmark;

import dev.genpt.inspect.ByteSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/**
 * The charts of measured times, each drawn from a table of its own. Their titles say what these
 * rows show; times are medians, of cases that were alone in their process, unless the chart says
 * otherwise.
 *
 * <p>Stateless; any thread may call. Each throws {@link MissingRows} if the run lacks the rows.
 */
public final class Charts {
  private static final int PAGE = 12;
  private static final int RUN = 256;
  private static final int GIBIBYTE = 1 << 18;
  private static final int SWEEP_TO = 21;
  private static final double PER_MICROSECOND = 1000;
  private static final double KIB_PER_PAGE = 4;
  private static final String NANOSECONDS = "time of one call (log scale)";
  private static final String PER_PAGE = "time per page (log scale)";

  /** A case of upstream's: entries of a size in one call. */
  private record Case(int pageSizeLg2, int count) {
    String label() {
      return OldAndNew.label(pageSizeLg2, count);
    }
  }

  private static final List<Case> CASES =
      List.of(new Case(PAGE, 1), new Case(PAGE, RUN), new Case(21, RUN), new Case(30, RUN));

  private static final List<String> OPERATIONS = List.of("map", "unmap");
  private static final List<String> ENGINES = List.of("new", "old", "limit");

  private Charts() {}

  /** Old against new in upstream's cases, on one format. */
  public static Figure oldAndNew(RecordedRun run, String format) {
    double map = ratio(run, format, "map");
    double unmap = ratio(run, format, "unmap");
    Points points = new Points();
    for (String operation : OPERATIONS) {
      for (Case each : CASES) {
        for (String engine : List.of("old", "new", "limit")) {
          points.add(
              engine, operation + " " + each.label(), median(run, format, engine, operation, each));
        }
      }
    }
    Table table = points.bars("entries * bytes of an entry", NANOSECONDS);
    String title =
        "%s: 256 pages of 4K map %s and unmap %s as before"
            .formatted(format, Words.speed(map), Words.speed(unmap));
    return new Figure(
        "old-and-new-" + format,
        "Upstream's cases on "
            + format
            + ": one call on the engine that Linux had before (old), on the generic page table (new),"
            + " and the best loop of the JVM over as many words (limit).",
        run.machines(),
        table,
        Drawing.logarithmicBars(table, title, Words::tick));
  }

  private static double ratio(RecordedRun run, String format, String operation) {
    Case each = new Case(PAGE, RUN);
    return need(median(run, format, "old", operation, each), format, "old", operation, each)
        / need(median(run, format, "new", operation, each), format, "new", operation, each);
  }

  private static Optional<Double> median(
      RecordedRun run, String format, String engine, String operation, Case each) {
    return run.alone(format, engine, operation, each.pageSizeLg2, each.count, "discrete")
        .map(Measurement::medianNs);
  }

  private static double need(
      Optional<Double> value, String format, String engine, String operation, Case each) {
    return value.orElseThrow(() ->
        new MissingRows(
            "%s %s %s %s, discrete, alone".formatted(format, engine, operation, each.label())));
  }

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
              if (ours.count() == RUN) {
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

  /** A case of the C times, and the row of a run that does the same. */
  private record Counterpart(String label, String operation, int count, String mode, String c) {}

  private static final List<Counterpart> COUNTERPARTS =
      List.of(
          new Counterpart("map 1 page", "map", 1, "batched", "map_batch256"),
          new Counterpart("map 256", "map", RUN, "discrete", "map"),
          new Counterpart("map 1 GiB", "map", GIBIBYTE, "discrete", "map_1GiB_one"),
          new Counterpart("unmap 1 page", "unmap", 1, "batched", "unmap_batch256"),
          new Counterpart("unmap 256", "unmap", RUN, "discrete", "unmap"),
          new Counterpart("unmap 1 GiB", "unmap", GIBIBYTE, "discrete", "unmap_1GiB_one"),
          new Counterpart("translate", "iova_to_phys", 1, "batched", "iova_to_phys_batch256"));

  /** The generic page table in Java beside the C code of Linux, on one format. */
  public static Figure cAndJava(
      RecordedRun run, List<CTiming> c, List<CTiming> retpolines, String format) {
    Points points = new Points();
    List<String> findings = new ArrayList<>();
    for (Counterpart each : COUNTERPARTS) {
      Optional<Double> java =
          run.alone(format, "new", each.operation, PAGE, each.count, each.mode)
              .map(row -> row.medianNs() / each.count);
      Optional<Double> plain = perPage(c, format, each);
      if (java.isPresent() && plain.isPresent()) {
        points.add("Java", each.label, java);
        points.add("C", each.label, plain);
        points.add("C with retpolines", each.label, perPage(retpolines, format, each));
        if (each.count == RUN) {
          findings.add(
              "%s in %s in Java, %s in C"
                  .formatted(
                      each.operation, Words.time(java.get() * RUN), Words.time(plain.get() * RUN)));
        }
      }
    }
    if (findings.isEmpty()) {
      throw new MissingRows(format + " new map 256*2^12, discrete, alone, in Java and in C");
    }
    Table table = points.bars("pages of 4K in one call", PER_PAGE);
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
                && row.pageSizeLg2() == PAGE
                && row.count() == each.count)
        .findFirst()
        .map(row -> row.medianNs() / each.count);
  }

  /** What a page costs in runs of 1 to 262,144 pages of 4K, on one format. */
  public static Figure runLength(RecordedRun run, String format) {
    Points points = new Points();
    for (String operation : OPERATIONS) {
      for (String engine : ENGINES) {
        run
            .where(row ->
                row.isPlain()
                    && row.format().equals(format)
                    && row.engine().equals(engine)
                    && row.operation().equals(operation)
                    && row.pageSizeLg2() == PAGE)
            .stream()
            .sorted(Comparator.comparingInt(Measurement::count))
            .forEach(row ->
                points.add(engine + " " + operation, row.count(), row.medianNs() / row.count()));
      }
    }
    Case one = new Case(PAGE, 1);
    Case many = new Case(PAGE, RUN);
    String title =
        "%s: a page costs %s to map alone, %s in a run of 256"
            .formatted(
                format,
                Words.time(need(median(run, format, "new", "map", one), format, "new", "map", one)),
                Words.time(
                    need(median(run, format, "new", "map", many), format, "new", "map", many)
                        / RUN));
    Table table = points.lines("pages of 4K in one call (log scale)", PER_PAGE);
    var chart = Drawing.lines(table, title, Words::plain, Words::tick);
    chart.getStyler().setXAxisLogarithmic(true).setXAxisLogarithmicDecadeOnly(true);
    return new Figure(
        "run-length-" + format,
        "The time of one call by the pages in it, on "
            + format
            + ". The new engine walks once a call and fills what it finds; the old ones walk again and"
            + " again. From 512 pages on a call makes and frees tables.",
        run.machines(),
        table,
        chart);
  }

  /** One entry of every size from 4K to 2M, on one format. */
  public static Figure pageSizes(RecordedRun run, String format) {
    Points points = new Points();
    List<Measurement> maps = new ArrayList<>();
    for (String operation : OPERATIONS) {
      for (String engine : ENGINES) {
        for (int sizeLg2 = PAGE; sizeLg2 <= SWEEP_TO; sizeLg2++) {
          int place = sizeLg2;
          run.alone(format, engine, operation, sizeLg2, 1, "discrete")
              .ifPresent(row -> {
                points.add(engine + " " + operation, place, row.medianNs());
                if (engine.equals("new") && operation.equals("map")) {
                  maps.add(row);
                }
              });
        }
      }
    }
    if (maps.size() <= 3) {
      throw new MissingRows(format + " new map of one entry of more than three sizes");
    }
    Measurement least =
        maps.stream().min(Comparator.comparingDouble(Measurement::medianNs)).orElseThrow();
    Measurement most =
        maps.stream().max(Comparator.comparingDouble(Measurement::medianNs)).orElseThrow();
    String title =
        "%s: one entry maps in %s (%s) to %s (%s, %d words)"
            .formatted(
                format,
                Words.time(least.medianNs()),
                ByteSize.ofLg2(least.pageSizeLg2()),
                Words.time(most.medianNs()),
                ByteSize.ofLg2(most.pageSizeLg2()),
                1 << ((most.pageSizeLg2() - PAGE) % 9));
    Table table = points.lines("bytes of the entry", NANOSECONDS);
    return new Figure(
        "page-sizes-" + format,
        "One entry of every size on "
            + format
            + ". A size between 4K and 2M is as many equal words in a row, up to 256 for 1M; 2M is one word"
            + " of the next level.",
        run.machines(),
        table,
        Drawing.lines(table, title, Charts::sizeTick, Words::tick));
  }

  private static String sizeTick(double sizeLg2) {
    return sizeLg2 == Math.rint(sizeLg2) ? ByteSize.ofLg2((int) sizeLg2) : " ";
  }

  /** How much two threads do on one domain, against one. */
  public static Figure threads(RecordedRun run) {
    Points points = new Points();
    List<Double> gains = new ArrayList<>();
    for (String operation : OPERATIONS) {
      for (String format : run.formats()) {
        Optional<Double> one = throughput(run, format, operation, "in_turns", 1);
        Optional<Double> two = throughput(run, format, operation, "two_threads", 2);
        if (one.isPresent() && two.isPresent()) {
          points.add("one thread", format + " " + operation, one);
          points.add("two threads", format + " " + operation, two);
          gains.add(two.get() / one.get());
        }
      }
    }
    if (gains.isEmpty()) {
      throw new MissingRows("new map 256*2^12, in_turns and two_threads, alone");
    }
    Table table =
        points.bars("runs of 256 pages of 4K", "pages per microsecond, all threads together");
    String least = Words.times(gains.stream().min(Double::compare).orElseThrow());
    String most = Words.times(gains.stream().max(Double::compare).orElseThrow());
    return new Figure(
        "threads",
        "What one thread does, and two threads at once on disjoint ranges of one domain. It is"
            + " throughput: twice as high means that neither waits for the other.",
        run.machines(),
        table,
        Drawing.bars(
            table,
            "Two threads on one domain do %s times the work of one"
                .formatted(least.equals(most) ? least : least + " to " + most),
            Words::plain));
  }

  private static Optional<Double> throughput(
      RecordedRun run, String format, String operation, String mode, int threads) {
    return run.alone(format, "new", operation, PAGE, RUN, mode)
        .map(row -> threads * RUN / row.medianNs() * PER_MICROSECOND);
  }

  /** The memory of the tables that one GiB takes in 4K pages: counted now, on every engine. */
  public static Figure memory() {
    Points points = new Points();
    List<TableMemory> counted = TableMemory.count();
    for (TableMemory each : counted) {
      points.add(each.engine(), each.format(), each.pages() * KIB_PER_PAGE);
    }
    TableMemory most =
        counted.stream()
            .filter(each -> each.engine().equals("new"))
            .max(Comparator.comparingInt(TableMemory::pages))
            .orElseThrow();
    double bare =
        counted.stream()
            .filter(each -> each.format().equals(most.format()) && !each.isEngine())
            .mapToInt(TableMemory::pages)
            .sum();
    Table table = points.bars("format", "KiB of tables per mapped GiB");
    return new Figure(
        "memory",
        "Tables that 1 GiB takes when it is mapped as 262,144 pages of 4K: counted in the engine's memory,"
            + " nothing is timed. Bare tables are as many as the addresses need: 512 of leaves, and those above.",
        List.of("counted, not timed: the same on every machine"),
        table,
        Drawing.bars(
            table,
            "1 GiB of 4K pages: %s KiB of tables in the new engine, %.3f times the bare tables"
                .formatted(Words.plain(most.pages() * KIB_PER_PAGE), most.pages() / bare),
            Words::plain));
  }
}
