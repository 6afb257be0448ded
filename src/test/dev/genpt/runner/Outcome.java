package dev.genpt.runner;

import java.util.List;
import java.util.stream.Stream;

/**
 * What came of a run of tests.
 *
 * @param passed tests that passed
 * @param failed tests that failed, and whatever else kept tests from running
 * @param skipped tests that were skipped
 * @param failures what to show of each failure
 */
public record Outcome(long passed, long failed, long skipped, List<Failure> failures) {
  /** Nothing ran yet. */
  public static final Outcome NONE = new Outcome(0, 0, 0, List.of());

  /** One thing that kept the tests from running. */
  static Outcome broken(Failure failure) {
    return new Outcome(0, 1, 0, List.of(failure));
  }

  /** Both together. */
  public Outcome plus(Outcome other) {
    return new Outcome(
        passed + other.passed,
        failed + other.failed,
        skipped + other.skipped,
        Stream.concat(failures.stream(), other.failures.stream()).toList());
  }

  /** Whether tests ran and none failed. */
  public boolean isSuccess() {
    return passed > 0 && failed == 0;
  }

  /** The closing line. */
  @Override
  public String toString() {
    return "%d passed, %d failed, %d skipped".formatted(passed, failed, skipped);
  }
}
