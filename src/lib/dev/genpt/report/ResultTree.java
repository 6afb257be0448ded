package dev.genpt.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Results as a tree for people: suites, in them cases, and in those the runs, unless all of a case
 * ended alike; then they are one line. Immutable.
 */
public final class ResultTree {
  private static final Duration WORTH_SAYING = Duration.ofMillis(100);
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final int CASE_INDENT = 2;
  private static final int RUN_INDENT = 8;
  private static final int MESSAGE_INDENT = 6;

  private final boolean coloured;

  private ResultTree(boolean coloured) {
    this.coloured = coloured;
  }

  /** Without colours. */
  public static ResultTree plain() {
    return new ResultTree(false);
  }

  /** With colours, as ANSI escape sequences; the words alone say as much. */
  public static ResultTree coloured() {
    return new ResultTree(true);
  }

  /** All of {@code results}, ending with a line break. */
  public String text(List<RunResult> results) {
    StringBuilder text = new StringBuilder();
    for (ResultGroup suite : ResultGroup.suites(results)) {
      suite(text, suite);
    }
    return text.toString();
  }

  private void suite(StringBuilder text, ResultGroup suite) {
    List<ResultGroup> cases = suite.cases();
    int width = cases.stream().mapToInt(each -> each.name().length()).max().orElse(0);
    text.append(paint(1, suite.name()))
        .append("  ")
        .append(details("" + suite.counts(), suite.time()))
        .append('\n');
    for (ResultGroup each : cases) {
      testCase(text, each, width);
    }
  }

  private void testCase(StringBuilder text, ResultGroup testCase, int width) {
    List<RunResult> runs = testCase.results();
    Verdict verdict = testCase.counts().verdict();
    if (!endedAlike(runs)) {
      row(text, CASE_INDENT, verdict, testCase.name(), width, details("", testCase.time()));
      int runWidth = runs.stream().mapToInt(run -> run.parameter().length()).max().orElse(0);
      runs.forEach(run -> run(text, run, runWidth));
      return;
    }
    List<String> details = new ArrayList<>();
    if (runs.size() > 1) {
      details.add(runs.size() + " runs");
    }
    if (verdict == Verdict.SKIPPED) {
      details.add(runs.getFirst().reason());
    }
    row(
        text,
        CASE_INDENT,
        verdict,
        testCase.name(),
        width,
        details(String.join(": ", details), testCase.time()));
  }

  /** True if none failed, and all passed or all were skipped for one reason. */
  private static boolean endedAlike(List<RunResult> runs) {
    RunResult first = runs.getFirst();
    return first.verdict() != Verdict.FAILED
        && runs.stream()
            .allMatch(
                run -> run.verdict() == first.verdict() && run.message().equals(first.message()));
  }

  private void run(StringBuilder text, RunResult run, int width) {
    String reason = run.verdict() == Verdict.SKIPPED ? run.reason() : "";
    row(text, RUN_INDENT, run.verdict(), run.parameter(), width, details(reason, run.time()));
    if (run.verdict() == Verdict.FAILED) {
      text.append(run.explanation().indent(RUN_INDENT + MESSAGE_INDENT));
    }
  }

  private void row(
      StringBuilder text, int indent, Verdict verdict, String name, int width, String details) {
    String line = "%s%s  %s".formatted(" ".repeat(indent), mark(verdict), pad(name, width));
    text.append((line + "  " + details).stripTrailing()).append('\n');
  }

  private String mark(Verdict verdict) {
    return switch (verdict) {
      case PASSED -> paint(32, "ok  ");
      case SKIPPED -> paint(33, "skip");
      case FAILED -> paint(31, "FAIL");
    };
  }

  /** The text, and the time unless it is too short to matter. */
  private String details(String text, Duration time) {
    if (time.compareTo(WORTH_SAYING) < 0) {
      return text;
    }
    String seconds = String.format(Locale.ROOT, "%.1f s", time.toMillis() / MILLIS_PER_SECOND);
    return text.isEmpty() ? paint(2, seconds) : text + ", " + paint(2, seconds);
  }

  private String paint(int style, String text) {
    return coloured ? "\u001b[%dm%s\u001b[0m".formatted(style, text) : text;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
