package dev.genpt.report;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many runs ended which way.
 *
 * @param passed runs in which everything held
 * @param failed runs in which something did not
 * @param skipped runs that did not apply
 */
public record Counts(int passed, int failed, int skipped) {
  /** The counts over {@code results}. */
  public static Counts of(Collection<RunResult> results) {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    results.forEach(result -> counts.merge(result.verdict(), 1, Integer::sum));
    return new Counts(
        counts.getOrDefault(Verdict.PASSED, 0),
        counts.getOrDefault(Verdict.FAILED, 0),
        counts.getOrDefault(Verdict.SKIPPED, 0));
  }

  /** All of them. */
  public int total() {
    return passed + failed + skipped;
  }

  /** The verdict over all: failed if one did, skipped if nothing else happened. */
  public Verdict verdict() {
    if (failed > 0) {
      return Verdict.FAILED;
    }
    return passed == 0 && skipped > 0 ? Verdict.SKIPPED : Verdict.PASSED;
  }

  /** A closing line. */
  @Override
  public String toString() {
    return "%d passed, %d failed, %d skipped".formatted(passed, failed, skipped);
  }
}
