package dev.genpt.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which cases there are, and what is measured of each. */
final class PlanTest {
  @ParameterizedTest
  @EnumSource
  void noCaseIsMeasuredTwiceAndEachIsReadByItsName(Plan plan) {
    List<BenchCase> cases = plan.cases();
    assertEquals(cases.size(), new HashSet<>(cases).size());
    for (BenchCase each : cases) {
      assertEquals(each, BenchCase.parse(each.id()));
    }
  }

  @Test
  void theQuickCasesAreAmongAll() {
    assertTrue(new HashSet<>(Plan.FULL.cases()).containsAll(Plan.QUICK.cases()));
  }

  @ParameterizedTest
  @CsvSource({
    "amdv1:12:256:discrete:alone, map new old limit; unmap new old limit; read_dirty new old limit",
    "amdv1:12:256:contiguous:alone, map new old limit; unmap new old limit",
    "amdv1:12:1:growth:alone, map new old limit",
    "x86_64:30:256:discrete:loaded, map new old limit; unmap new old limit",
    "x86_64:12:1:batched:alone, map new old limit; unmap new old limit; iova_to_phys new old limit",
    "vtdss:21:256:discrete:alone, map new old limit; unmap new old limit; read_dirty new old limit",
    "vtdss:12:262144:batched:alone, map new old limit; unmap new old limit",
    "riscv64:16:1:discrete:alone, map new limit; unmap new limit",
    "riscv64:12:256:two_threads:alone, map new new limit limit; unmap new new limit limit"
  })
  void aCaseHasThesePhases(String id, String phases) {
    String found =
        BenchCase.parse(id).phases().stream()
            .collect(
                Collectors.groupingBy(
                    Phase::operation,
                    TreeMap::new,
                    Collectors.mapping(
                        phase -> BenchCase.name(phase.engine()), Collectors.joining(" "))))
            .entrySet()
            .stream()
            .map(entry -> BenchCase.name(entry.getKey()) + " " + entry.getValue())
            .collect(Collectors.joining("; "));
    assertEquals(phases, found);
  }
}
