package dev.genpt.report;

import java.util.List;
import java.util.Locale;

/**
 * Results in the Kernel Test Anything Protocol, version 1: suites, in them cases, in them runs,
 * each level with its plan and indented by two spaces.
 *
 * <p>What did not hold stands in diagnostic lines before the line of the result. Names lose what
 * the protocol gives a meaning to: line breaks and {@code #}. Source of the form: Linux {@code
 * Documentation/dev-tools/ktap.rst}; {@code kunit.py parse} reads it.
 */
public final class Ktap {
  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();

  private Ktap() {}

  /** All of {@code results}, ending with a line break. */
  public static String text(List<RunResult> results) {
    Ktap ktap = new Ktap();
    List<ResultGroup> suites = ResultGroup.suites(results);
    ktap.header(0, suites.size());
    for (int i = 0; i < suites.size(); i++) {
      ktap.suite(i + 1, suites.get(i));
    }
    ktap.totals(0, "Totals", Counts.of(results));
    return ktap.text.toString();
  }

  private void suite(int number, ResultGroup suite) {
    List<ResultGroup> cases = suite.cases();
    subtest(1, suite.name(), cases.size());
    for (int i = 0; i < cases.size(); i++) {
      testCase(i + 1, cases.get(i));
    }
    totals(0, name(suite.name()), suite.counts());
    result(0, number, suite.name(), suite.counts().verdict(), suite.skipReasons());
  }

  private void testCase(int number, ResultGroup testCase) {
    List<RunResult> runs = testCase.results();
    subtest(2, testCase.name(), runs.size());
    for (int i = 0; i < runs.size(); i++) {
      run(i + 1, runs.get(i));
    }
    totals(1, name(testCase.name()), testCase.counts());
    result(1, number, testCase.name(), testCase.counts().verdict(), testCase.skipReasons());
  }

  private void run(int number, RunResult run) {
    if (run.verdict() == Verdict.FAILED) {
      line(2, "# " + name(run.testCase()) + ": FAILED");
      run.explanation().lines().forEach(line -> line(2, "#   " + printable(line)));
    }
    result(2, number, run.parameter(), run.verdict(), run.message());
  }

  private void header(int level, int tests) {
    line(level, "KTAP version 1");
    line(level, "1.." + tests);
  }

  private void subtest(int level, String name, int tests) {
    line(level, "KTAP version 1");
    line(level, "# Subtest: " + name(name));
    line(level, "1.." + tests);
  }

  private void result(int level, int number, String name, Verdict verdict, String skipReason) {
    String word = verdict == Verdict.FAILED ? "not ok" : "ok";
    String skip =
        verdict == Verdict.SKIPPED ? (" # SKIP " + reason(skipReason)).stripTrailing() : "";
    line(level, "%s %d %s%s".formatted(word, number, name(name), skip));
  }

  private void totals(int level, String name, Counts counts) {
    line(
        level,
        String.format(
            Locale.ROOT,
            "# %s: pass:%d fail:%d skip:%d total:%d",
            name,
            counts.passed(),
            counts.failed(),
            counts.skipped(),
            counts.total()));
  }

  private void line(int level, String line) {
    text.append(INDENT.repeat(level)).append(line.stripTrailing()).append('\n');
  }

  private static String name(String name) {
    return printable(name).replace('#', '_');
  }

  /** On one line; a hash that stands alone would begin another directive. */
  private static String reason(String reason) {
    return printable(reason).replaceAll("#\\s+", "#");
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
