package dev.genpt.report;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came of one run: one case of a suite with one parameter.
 *
 * @param suite name of the suite
 * @param testCase name of the case in the suite
 * @param parameter what the case ran with
 * @param verdict how it ended
 * @param message why it was skipped or what did not hold, of any number of lines; empty if it
 *     passed
 * @param origin where in the code it failed, a line a frame, innermost first; empty unless it
 *     failed
 * @param time how long it took
 */
public record RunResult(
    String suite,
    String testCase,
    String parameter,
    Verdict verdict,
    String message,
    String origin,
    Duration time) {

  /** A run in which everything held. */
  public static RunResult passed(String suite, String testCase, String parameter, Duration time) {
    return new RunResult(suite, testCase, parameter, Verdict.PASSED, "", "", time);
  }

  /** The same run, skipped for a reason. */
  public RunResult skipped(String reason) {
    return new RunResult(suite, testCase, parameter, Verdict.SKIPPED, reason, "", time);
  }

  /** The same run, failed. */
  public RunResult failed(String failure, String where) {
    return new RunResult(suite, testCase, parameter, Verdict.FAILED, failure, where, time);
  }

  /** What a person needs to know of a failure: the message, then the places, a line each. */
  public String explanation() {
    return Stream.concat(message.lines(), origin.lines().map("at "::concat))
        .collect(Collectors.joining("\n"));
  }

  /** The message on one line. */
  String reason() {
    return String.join(" ", message.lines().toList());
  }

  /** Suite, case and parameter with dots between. */
  public String name() {
    return String.join(".", suite, testCase, parameter);
  }
}
