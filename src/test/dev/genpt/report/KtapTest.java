package dev.genpt.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** KTAP by its grammar: what is written can be read, and the reader would see what is wrong. */
final class KtapTest {
  @Test
  void everyKindOfResultCanBeReadBack() {
    List<KtapReader.Test> suites = KtapReader.read(Ktap.text(Samples.ALL));
    assertAll(
        () -> assertEquals(List.of("first_test", "second_test"), names(suites)),
        () -> assertEquals(List.of(Verdict.FAILED, Verdict.SKIPPED), verdicts(suites)),
        () -> assertEquals(List.of("test_ok", "test_bad"), names(suites.get(0).tests())),
        () ->
            assertEquals(List.of(Verdict.PASSED, Verdict.FAILED), verdicts(suites.get(0).tests())),
        () ->
            assertEquals(
                List.of(Verdict.FAILED, Verdict.PASSED),
                verdicts(suites.get(0).tests().get(1).tests())));
  }

  @Test
  void aFailureIsExplainedRightBeforeItsResult() {
    KtapReader.Test failed =
        KtapReader.read(Ktap.text(Samples.ALL)).get(0).tests().get(1).tests().get(0);
    assertEquals(
        List.of(
            "test_bad: FAILED",
            "expected #1 <0x10> & got \"0x20\"",
            "Subtest: no header",
            "ok 1 no result # SKIP nothing",
            "1..7",
            "",
            "KTAP version 1",
            "bell  , escape  [1m, null",
            "at EntryCases.check (EntryCases.java:12)",
            "at EntryCases.run (EntryCases.java:3)"),
        failed.diagnostics());
  }

  @Test
  void aSkippedRunSaysWhyOnItsLine() {
    List<KtapReader.Test> cases = KtapReader.read(Ktap.text(Samples.ALL)).get(1).tests();
    assertAll(
        () -> assertEquals("it does not apply", cases.get(0).reason()),
        () -> assertEquals("it does not apply", cases.get(0).tests().get(1).reason()),
        () -> assertEquals(List.of(Verdict.SKIPPED, Verdict.SKIPPED), verdicts(cases)));
  }

  @Test
  void namesAndReasonsLoseWhatTheFormGivesAMeaningTo() {
    KtapReader.Test odd = KtapReader.read(Ktap.text(List.of(Samples.SKIPPED_ODDLY))).get(0);
    KtapReader.Test run = odd.tests().get(0).tests().get(0);
    assertAll(
        () -> assertEquals("test__odd", odd.tests().get(0).name()),
        () -> assertEquals("cfg _0 new", run.name()),
        () -> assertEquals("bug #12 #SKIP of old", run.reason()));
  }

  @Test
  void noResultsAreAPlanOfNone() {
    assertEquals(List.of(), KtapReader.read(Ktap.text(List.of())));
  }

  @Test
  void aRunLooksAsInTheKernel() {
    assertEquals(
        """
        KTAP version 1
        1..1
          KTAP version 1
          # Subtest: first_test
          1..1
            KTAP version 1
            # Subtest: test_ok
            1..2
            ok 1 cfg_0
            ok 2 cfg_1
          # test_ok: pass:2 fail:0 skip:0 total:2
          ok 1 test_ok
        # first_test: pass:2 fail:0 skip:0 total:2
        ok 1 first_test
        # Totals: pass:2 fail:0 skip:0 total:2
        """,
        Ktap.text(List.of(Samples.PASSED, Samples.PASSED_TOO)));
  }

  /**
   * Each change breaks one rule of the form, and the reader must refuse it; a line as a pattern,
   * and what comes in its place.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "^KTAP version 1 | KTAP version 2",
        "^1..2 | 1..3",
        "^1..2 | 1..1",
        "^    1..2 | '    1..x'",
        "^    ok 2 cfg_1 | '    ok 3 cfg_1'",
        "^    ok 2 cfg_1 | '    ok cfg_1'",
        "^    ok 2 cfg_1 | '    ok 2 cfg#1'",
        "^    ok 2 cfg_1 | '    OK 2 cfg_1'",
        "^    ok 2 cfg_1 | '    ok 2 cfg_1 # TODO later'",
        "^    ok 2 cfg_1 | '  ok 2 cfg_1'",
        "^    ok 2 cfg_1 | '      ok 2 cfg_1'",
        "# SKIP it | # SKIP # SKIP it",
        "ok 1 cfg_0 # SKIP | not ok 1 cfg_0 # SKIP",
        "^  not ok 2 test_bad | '  ok 2 test_bad'",
        "^not ok 1 first_test | not ok 1 other_test",
        "# Subtest: test_bad | # Subtest: test_other",
        "^    # Subtest: test_bad\\n | ''",
        "^    #   expected | '    expected'",
        "^# Totals | Totals",
        "\\n\\z | ''"
      })
  void whatBreaksTheFormIsRefused(String line, String replacement) {
    String text = Ktap.text(Samples.ALL);
    String broken =
        Pattern.compile(line, Pattern.MULTILINE).matcher(text).replaceFirst(replacement);
    assertAll(
        () -> assertFalse(broken.equals(text), "the change must change something"),
        () -> assertThrows(IllegalArgumentException.class, () -> KtapReader.read(broken), broken));
  }

  @Test
  void everyLineIsPrintable() {
    assertTrue(Ktap.text(Samples.ALL).matches("[\\P{Cntrl}\n]*"));
  }

  private static List<String> names(List<KtapReader.Test> tests) {
    return tests.stream().map(KtapReader.Test::name).toList();
  }

  private static List<Verdict> verdicts(List<KtapReader.Test> tests) {
    return tests.stream().map(KtapReader.Test::verdict).toList();
  }
}
