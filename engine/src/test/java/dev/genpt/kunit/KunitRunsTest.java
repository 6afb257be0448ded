package dev.genpt.kunit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.genpt.report.RunResult;
import dev.genpt.report.Verdict;
import dev.genpt.table.Cursor;
import dev.genpt.table.Protection;
import dev.genpt.table.Range;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which runs there are, how they are chosen, and what comes of one that goes wrong. */
final class KunitRunsTest {
  @ParameterizedTest
  @CsvSource({
    "amdv1, 11, 7",
    "x86_64, 48, 28",
    "vtdss, 39, 21",
    "riscv_64, 30, 21",
    "amdv1_mock, 11, 7",
  })
  void aFormatHasUpstreamsNumberOfRuns(String format, int entryRuns, int operationRuns) {
    KunitRuns runs = KunitRuns.all().ofFormat(format);
    assertAll(
        () -> assertEquals(entryRuns, runs.matching(format + "_fmt_test").size()),
        () -> assertEquals(operationRuns, runs.matching(format + "_iommu_test").size()),
        () -> assertEquals(entryRuns + operationRuns, runs.size()));
  }

  @Test
  void thereAreUpstreamsRunsInAll() {
    assertEquals(
        223,
        KunitTest.UPSTREAM.stream()
            .mapToInt(format -> KunitRuns.all().ofFormat(format).size())
            .sum());
    assertEquals(KunitRuns.all().size(), KunitRuns.all().matching("*").size());
  }

  @ParameterizedTest
  @CsvSource({
    "x86*, 76",
    "x86_64_iommu_test.test_map_*, 8",
    "*.test_init.vtdss_cfg_0, 1",
    "x86_64_fmt_test.test_init.x86_64_cfg_?, 4",
    "x86_64_fmt_test.test_ini, 0",
    "x86.64_fmt_test, 0",
    "amdv1_fmt_test.*.*.*, 0",
  })
  void aPatternChoosesByAllOfAName(String glob, int chosen) {
    assertEquals(chosen, KunitRuns.all().matching(glob).size());
  }

  @Test
  void aFormatGoesByUpstreamsNameAndByTheEngines() {
    assertEquals(
        List.of(51, 51, 0),
        List.of(
            KunitRuns.all().ofFormat("riscv_64").size(),
            KunitRuns.all().ofFormat("riscv64").size(),
            KunitRuns.all().ofFormat("riscv").size()));
  }

  @Test
  void suitesComeOneAfterTheOther() {
    List<KunitRuns> suites = KunitRuns.all().ofFormat("vtdss").bySuite();
    assertEquals(List.of(39, 21), suites.stream().map(KunitRuns::size).toList());
  }

  @Test
  void aFailureSaysTheSeedAndThePlace() {
    RunResult result = run(_ -> fail("two lines\nof text"));
    assertAll(
        () -> assertEquals(Verdict.FAILED, result.verdict()),
        () -> assertEquals("two lines\nof text (seed 7)", result.message()),
        () -> assertTrue(result.origin().contains("KunitRunsTest.java"), result.origin()));
  }

  @Test
  void anUnexpectedErrorIsAFailureThatNamesItsKind() {
    RunResult result = run(fixture -> fixture.domain().map(1, 0, 4096, Protection.READ));
    assertAll(
        () -> assertEquals(Verdict.FAILED, result.verdict()),
        () -> assertTrue(result.message().contains("IommuException: ENXIO"), result.message()));
  }

  @Test
  void aSkippedRunSaysWhyAndNothingElse() {
    RunResult result = run(_ -> KunitFixture.skipUnless(false, "not here"));
    assertEquals(
        List.of(Verdict.SKIPPED, "not here", ""),
        List.of(result.verdict(), result.message(), result.origin()));
  }

  @Test
  void aTableThatTheRootNoLongerLeadsToIsALeak() {
    RunResult result =
        run(fixture -> {
          fixture.domain().map(0, 0, 4096, Protection.READ);
          new Cursor(Range.top(fixture.table())).clear(0);
        });
    assertAll(
        () -> assertEquals(Verdict.FAILED, result.verdict()),
        () -> assertTrue(result.message().contains("tables held"), result.message()));
  }

  @Test
  void aSeedGivesTheSameRandomNumbersAgain() {
    long[] drawn = new long[2];
    for (int i = 0; i < drawn.length; i++) {
      int at = i;
      run(fixture -> drawn[at] = fixture.random().nextLong());
    }
    assertEquals(drawn[0], drawn[1]);
  }

  private static RunResult run(Consumer<KunitFixture> body) {
    KunitFormat amdv1 = KunitFormats.ALL.getFirst();
    KunitCase kunitCase = new KunitCase("case", body);
    KunitSuite suite = new KunitSuite("suite", amdv1, List.of(kunitCase));
    return new KunitRun(suite, kunitCase, 0).run(7);
  }
}
