package dev.genpt.kunit;

import dev.genpt.report.RunResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A selection of runs, in upstream's order; immutable. */
public final class KunitRuns {
  private final List<KunitRun> runs;

  private KunitRuns(List<KunitRun> runs) {
    this.runs = runs;
  }

  /** Every run there is. */
  public static KunitRuns all() {
    return new KunitRuns(
        KunitFormats.ALL.stream().flatMap(KunitSuite::of).flatMap(KunitSuite::runs).toList());
  }

  /** Upstream's names of the formats that there are runs of. */
  public static List<String> formats() {
    return KunitFormats.ALL.stream().map(KunitFormat::prefix).toList();
  }

  /**
   * Those of one format, none if there is no such format.
   *
   * @param format upstream's name, such as {@code riscv_64}, or the engine's, such as {@code
   *     riscv64}
   */
  public KunitRuns ofFormat(String format) {
    return where(run ->
        run.format().prefix().equals(format) || run.format().definition().name().equals(format));
  }

  /**
   * Those whose name {@code suite.case.parameter} matches.
   *
   * @param glob a pattern of one, two or three parts with dots between, from the suite on, in which
   *     {@code *} stands for any characters and {@code ?} for one; parts that are left out match
   *     everything
   */
  public KunitRuns matching(String glob) {
    String[] parts = glob.split("\\.", 3);
    return where(run ->
        matches(parts, 0, run.suite())
            && matches(parts, 1, run.testCase())
            && matches(parts, 2, run.parameter()));
  }

  private static boolean matches(String[] parts, int part, String name) {
    return part >= parts.length || Pattern.matches(expression(parts[part]), name);
  }

  private static String expression(String glob) {
    return Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
  }

  private KunitRuns where(Predicate<KunitRun> condition) {
    return new KunitRuns(runs.stream().filter(condition).toList());
  }

  /** The same runs, suite by suite. */
  public List<KunitRuns> bySuite() {
    Map<String, List<KunitRun>> suites =
        runs.stream()
            .collect(
                Collectors.groupingBy(KunitRun::suite, LinkedHashMap::new, Collectors.toList()));
    return suites.values().stream().map(KunitRuns::new).toList();
  }

  /** How many there are. */
  public int size() {
    return runs.size();
  }

  /**
   * Runs them, on all processors.
   *
   * @param seed of the random numbers; the same seed gives each run the same numbers, whatever else
   *     is run
   * @param listener hears of each result at once, of one at a time
   * @return the results, in the order of the runs
   */
  public List<RunResult> run(long seed, Consumer<RunResult> listener) {
    return runs.parallelStream()
        .map(run -> {
          RunResult result = run.run(seed);
          synchronized (listener) {
            listener.accept(result);
          }
          return result;
        })
        .toList();
  }
}
