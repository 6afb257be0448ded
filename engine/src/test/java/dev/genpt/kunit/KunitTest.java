package dev.genpt.kunit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * Every run of the suites as a test, under upstream's names: what upstream passes must pass, and
 * what upstream skips is skipped for the same reason. {@code -Dgenpt.kunit.seed=N} makes other
 * random numbers; {@code -Dgenpt.kunit.light=true} makes less of the two cases that take long.
 */
final class KunitTest {
  private static final long SEED = Long.getLong("genpt.kunit.seed", 1);

  /**
   * What upstream skips.
   *
   * @param formats where
   * @param reason what it says
   */
  private record Skip(Set<String> formats, String reason) {}

  /** The formats that upstream has; what it skips of others can't be known. */
  static final Set<String> UPSTREAM = Set.of("amdv1", "x86_64", "vtdss", "riscv_64", "amdv1_mock");

  private static final Map<String, Skip> SKIPS =
      Map.of(
          "test_increase_level",
          new Skip(
              Set.of("x86_64", "vtdss", "riscv_64"), "PT_FEAT_DYNAMIC_TOP not set for this format"),
          "test_mixed",
          new Skip(Set.of("amdv1", "amdv1_mock"), "incompatible psize"),
          "test_pgsize_boundary",
          new Skip(Set.of("amdv1_mock"), "Format does not have the required range"));

  @TestFactory
  Stream<DynamicNode> suites() {
    return KunitFormats.ALL.stream()
        .flatMap(KunitSuite::of)
        .map(suite ->
            dynamicContainer(suite.name(), suite.cases().stream().map(each -> node(suite, each))));
  }

  private static DynamicNode node(KunitSuite suite, KunitCase kunitCase) {
    return dynamicContainer(
        kunitCase.name(),
        suite.runsOf(kunitCase).map(run -> dynamicTest(run.parameter(), () -> check(run))));
  }

  /** Runs it; skipped where upstream skips it, and nowhere else. */
  static void check(KunitRun run) {
    try {
      run.execute(SEED);
    } catch (TestAbortedException e) {
      if (!UPSTREAM.contains(run.format().prefix())) {
        throw e;
      }
      assertEquals(skipReason(run), e.getMessage(), () -> run + " was skipped");
      throw e;
    }
    assertEquals("", skipReason(run), () -> run + " was not skipped");
  }

  /** Why upstream skips the run, empty if it does not. */
  private static String skipReason(KunitRun run) {
    Skip skip = SKIPS.get(run.testCase());
    return skip != null && skip.formats.contains(run.format().prefix()) ? skip.reason : "";
  }
}
