package dev.genpt.jcstress;

import dev.genpt.report.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * What came of one race over all its runs.
 *
 * @param name the race
 * @param verdict failed if a forbidden outcome was seen or the race could not be run
 * @param meetings how often the two sides met
 * @param outcomes what came of that
 * @param problems why it could not be run, a line each
 */
public record RaceResult(
    String name, Verdict verdict, long meetings, List<Outcome> outcomes, List<String> problems) {
  private static final String PACKAGE = "dev.genpt.race.";

  /**
   * One outcome.
   *
   * @param id what both sides saw
   * @param count how often
   * @param allowed whether it may be
   * @param meaning what it means
   */
  record Outcome(String id, long count, boolean allowed, String meaning) {}

  /** The name without the package that all races share. */
  static String shortName(String test) {
    return test.startsWith(PACKAGE) ? test.substring(PACKAGE.length()) : test;
  }

  /** A race that no run of was planned: this machine can't. */
  static RaceResult skipped(String test) {
    return new RaceResult(shortName(test), Verdict.SKIPPED, 0, List.of(), List.of());
  }

  static RaceResult of(TestResult result) {
    List<Outcome> outcomes =
        result.grading().gradingResults.values().stream()
            .map(graded ->
                new Outcome(
                    graded.id, graded.count, graded.expect != Expect.FORBIDDEN, graded.description))
            .toList();
    boolean passed = result.status() == Status.NORMAL && result.grading().isPassed;
    List<String> problems = new ArrayList<>();
    if (result.status() != Status.NORMAL) {
      problems.add("jcstress: " + result.status());
      problems.addAll(result.getMessages());
      problems.addAll(result.getVmErr());
    }
    return new RaceResult(
        shortName(result.getName()),
        passed ? Verdict.PASSED : Verdict.FAILED,
        result.getTotalCount(),
        outcomes,
        problems);
  }

  /** A line for the race, then one for each outcome. */
  public String text() {
    int idWidth = outcomes.stream().mapToInt(outcome -> outcome.id.length()).max().orElse(0);
    return Stream.of(
            Stream.of("%-7s %s, %,d times".formatted(word(), name, meetings)),
            outcomes.stream()
                .map(outcome ->
                    "    %s  %,12d  %-9s  %s"
                        .formatted(
                            padded(outcome.id, idWidth),
                            outcome.count,
                            outcome.allowed ? "allowed" : "FORBIDDEN",
                            outcome.meaning)),
            problems.stream().map("    "::concat))
        .flatMap(lines -> lines)
        .collect(Collectors.joining("\n"));
  }

  private String word() {
    return verdict == Verdict.FAILED ? "FAILED" : verdict.name().toLowerCase(Locale.ROOT);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
