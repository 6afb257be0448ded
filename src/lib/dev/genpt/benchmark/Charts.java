package dev.genpt.benchmark;

import dev.genpt.inspect.ByteSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tech.tablesaw.api.Table;

/**
 * The charts of a run, each drawn from a table of its own. Their titles say what these rows show;
 * times are medians, of cases that were alone in their process, unless the chart says otherwise.
 *
 * <p>Stateless; any thread may call. Each throws {@link MissingRows} if the run lacks the rows.
 */
public final class Charts {
  static final int PAGE = 12;
  static final int RUN = 256;
  private static final int SWEEP_TO = 21;
  private static final double PER_MICROSECOND = 1000;
  private static final double KIB_PER_PAGE = 4;
  private static final String NANOSECONDS = "time of one call (log scale)";
  static final String PER_PAGE = "time per page (log scale)";

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
    return need(run, format, "old", operation, each) / need(run, format, "new", operation, each);
  }

  private static Optional<Double> median(
      RecordedRun run, String format, String engine, String operation, Case each) {
    return run.alone(format, engine, operation, each.pageSizeLg2, each.count, "discrete")
        .map(Measurement::medianNs);
  }

  private static double need(
      RecordedRun run, String format, String engine, String operation, Case each) {
    return median(run, format, engine, operation, each)
        .orElseThrow(() ->
            new MissingRows(
                "%s %s %s %s, discrete, alone".formatted(format, engine, operation, each.label())));
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
                Words.time(need(run, format, "new", "map", one)),
                Words.time(need(run, format, "new", "map", many) / RUN));
    Table table = points.lines("pages of 4K in one call (log scale)", PER_PAGE);
    var chart = Drawing.logarithmicLines(table, title, Words::plain, Words::tick);
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
        Drawing.logarithmicLines(table, title, Charts::sizeTick, Words::tick));
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
