package dev.genpt.report;

import java.time.Duration;
import java.util.List;

/** Results of every kind, with all that could break a form in their texts. */
final class Samples {
  private static final Duration SHORT = Duration.ofMillis(5);

  static final RunResult PASSED = RunResult.passed("first_test", "test_ok", "cfg_0", SHORT);
  static final RunResult PASSED_TOO = RunResult.passed("first_test", "test_ok", "cfg_1", SHORT);

  static final RunResult FAILED =
      RunResult.passed("first_test", "test_bad", "cfg_0", SHORT)
          .failed(
              """
              expected #1 <0x10> & got "0x20"
              Subtest: no header
              ok 1 no result # SKIP nothing
              1..7

              KTAP version 1
              bell \u0007, escape \u001b[1m, null \u0000\
              """,
              "EntryCases.check (EntryCases.java:12)\nEntryCases.run (EntryCases.java:3)");

  static final RunResult PASSED_BESIDE =
      RunResult.passed("first_test", "test_bad", "cfg_1", Duration.ofMillis(1234));

  static final RunResult SKIPPED =
      RunResult.passed("second_test", "test_skipped", "cfg_0", SHORT).skipped("it does not apply");
  static final RunResult SKIPPED_TOO =
      RunResult.passed("second_test", "test_skipped", "cfg_1", SHORT).skipped("it does not apply");

  static final RunResult SKIPPED_ODDLY =
      RunResult.passed("second_test", "test_#odd", "cfg #0\nnew", SHORT)
          .skipped("bug #12 # SKIP of\nold");

  static final List<RunResult> ALL =
      List.of(PASSED, PASSED_TOO, FAILED, PASSED_BESIDE, SKIPPED, SKIPPED_TOO, SKIPPED_ODDLY);

  private Samples() {}
}
