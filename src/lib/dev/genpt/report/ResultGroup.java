package dev.genpt.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Results that have a name in common: those of a suite, or of a case.
 *
 * @param name the name
 * @param results in the order in which they ran
 */
record ResultGroup(String name, List<RunResult> results) {
  /** The groups of {@code results} that {@code name} makes, in the order of their first members. */
  static List<ResultGroup> by(Function<RunResult, String> name, List<RunResult> results) {
    Map<String, List<RunResult>> groups = new LinkedHashMap<>();
    for (RunResult result : results) {
      groups.computeIfAbsent(name.apply(result), _ -> new ArrayList<>()).add(result);
    }
    return groups.entrySet().stream()
        .map(group -> new ResultGroup(group.getKey(), group.getValue()))
        .toList();
  }

  /** The results by suite. */
  static List<ResultGroup> suites(List<RunResult> results) {
    return by(RunResult::suite, results);
  }

  /** The results of this suite by case. */
  List<ResultGroup> cases() {
    return by(RunResult::testCase, results);
  }

  Counts counts() {
    return Counts.of(results);
  }

  /** Why runs of it were skipped: each reason once. */
  String skipReasons() {
    return results.stream()
        .filter(result -> result.verdict() == Verdict.SKIPPED)
        .map(RunResult::message)
        .distinct()
        .collect(Collectors.joining("; "));
  }

  /** How long its runs took together. */
  Duration time() {
    return results.stream().map(RunResult::time).reduce(Duration.ZERO, Duration::plus);
  }
}
