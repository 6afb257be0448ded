package dev.genpt.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The tree on a terminal, and the closing line. */
final class ResultTreeTest {
  @Test
  void runsThatEndedAlikeAreOneLine() {
    assertEquals(
        """
        first_test  2 passed, 0 failed, 0 skipped
          ok    test_ok  2 runs
        second_test  0 passed, 0 failed, 2 skipped
          skip  test_skipped  2 runs: it does not apply
        """,
        ResultTree.plain()
            .text(
                List.of(Samples.PASSED, Samples.PASSED_TOO, Samples.SKIPPED, Samples.SKIPPED_TOO)));
  }

  @Test
  void aFailureUnfoldsItsCase() {
    RunResult failed = Samples.FAILED.failed("two\nlines", "EntryCases.run (EntryCases.java:3)");
    assertEquals(
        """
        first_test  1 passed, 1 failed, 0 skipped, 1.2 s
          FAIL  test_bad  1.2 s
                FAIL  cfg_0
                      two
                      lines
                      at EntryCases.run (EntryCases.java:3)
                ok    cfg_1  1.2 s
        """,
        ResultTree.plain().text(List.of(failed, Samples.PASSED_BESIDE)));
  }

  @Test
  void coloursAddNothingThatIsRead() {
    String coloured = ResultTree.coloured().text(Samples.ALL);
    assertAll(
        () -> assertTrue(coloured.contains("\u001b[31mFAIL\u001b[0m"), coloured),
        () ->
            assertEquals(
                ResultTree.plain().text(List.of(Samples.PASSED)),
                ResultTree.coloured()
                    .text(List.of(Samples.PASSED))
                    .replaceAll("\u001b\\[\\d*m", "")));
  }

  @Test
  void theClosingLineCountsRuns() {
    assertEquals("3 passed, 1 failed, 3 skipped", Counts.of(Samples.ALL).toString());
  }
}
