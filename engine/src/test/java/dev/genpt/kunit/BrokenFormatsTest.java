package dev.genpt.kunit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.kunit.BrokenDefinition.Breakage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * The proof of the suites themselves: a format that is broken on purpose fails, and in just the
 * cases of this table.
 *
 * <p>The two long cases are run where they must fail, which they do early; {@code
 * -Dgenpt.kunit.broken.all=true} runs them everywhere, a few minutes.
 */
final class BrokenFormatsTest {
  private static final boolean ALL = Boolean.getBoolean("genpt.kunit.broken.all");

  /**
   * A format broken in one way.
   *
   * @param kind what is broken
   * @param format whose
   * @param breakage how
   * @param caughtBy the cases that fail, with one configuration at least
   */
  record Broken(String kind, String format, Breakage breakage, Set<String> caughtBy) {
    boolean isRun(KunitCase kunitCase) {
      String name = kunitCase.name();
      return ALL || !IommuCases.LONG.contains(name) || caughtBy.contains(name);
    }

    @Override
    public String toString() {
      return format + ": " + kind;
    }
  }

  static List<Broken> table() {
    return List.of(
        new Broken(
            "clear length",
            "amdv1",
            Breakages.CLEAR_LENGTH,
            Set.of(
                "test_map_simple", "test_map_table_to_oa", "test_random_map", "test_unmap_split")),
        new Broken(
            "contiguous count",
            "amdv1",
            Breakages.CONTIGUOUS_COUNT,
            Set.of(
                "test_dirty",
                "test_entry_oa",
                "test_map_simple",
                "test_map_table_to_oa",
                "test_random_map",
                "test_unmap_split")),
        new Broken("bit", "x86_64", Breakages.BIT, Set.of("test_sw_bit_leaf", "test_sw_bit_table")),
        new Broken(
            "prefix",
            "x86_64",
            Breakages.PREFIX,
            Set.of(
                "test_attr_from_entry",
                "test_entry_oa",
                "test_entry_possible_sizes",
                "test_mixed",
                "test_pgsize_boundary",
                "test_sw_bit_leaf",
                "test_sw_bit_table",
                "test_table_ptr",
                "test_table_radix")),
        new Broken("mask", "vtdss", Breakages.MASK, Set.of("test_entry_oa")),
        new Broken("permission", "vtdss", Breakages.PERMISSION, Set.of("test_attr_from_entry")),
        new Broken(
            "level rule",
            "riscv_64",
            Breakages.LEVEL_RULE,
            Set.of("test_entry_oa", "test_map_simple", "test_unmap_split")),
        new Broken(
            "attribute recovery", "riscv_64", Breakages.ATTRIBUTES, Set.of("test_attr_from_entry")),
        new Broken(
            "page-size bitmap",
            "amdv1_mock",
            Breakages.PAGE_SIZES,
            Set.of("test_init", "test_map_simple")),
        new Broken("dirty over items", "amdv1_mock", Breakages.DIRTY_ITEMS, Set.of("test_dirty")));
  }

  @ParameterizedTest
  @MethodSource("table")
  void isCaughtByTheseCases(Broken broken) {
    assertEquals(new TreeSet<>(broken.caughtBy), failing(broken));
  }

  @Test
  void theTableBreaksEveryFormatTwiceAndNothingTwice() {
    List<Broken> table = table();
    Map<String, Long> byFormat =
        table.stream().collect(Collectors.groupingBy(Broken::format, Collectors.counting()));
    assertAll(
        () -> assertEquals(10, table.stream().map(Broken::kind).distinct().count()),
        () -> assertEquals(Set.copyOf(KunitRuns.formats()), byFormat.keySet()),
        () -> assertEquals(Set.of(2L), Set.copyOf(byFormat.values())),
        () -> assertEquals(6, table.stream().filter(row -> row.caughtBy.size() <= 2).count()));
  }

  private static Set<String> failing(Broken broken) {
    KunitFormat sound =
        KunitFormats.ALL.stream()
            .filter(format -> format.prefix().equals(broken.format))
            .findFirst()
            .orElseThrow();
    KunitFormat format =
        new KunitFormat(
            sound.prefix(),
            new BrokenDefinition(sound.definition(), broken.breakage),
            sound.controlled(),
            sound.refusal(),
            sound.configs());
    return KunitSuite.of(format)
        .flatMap(suite -> suite.cases().stream().filter(broken::isRun).flatMap(suite::runsOf))
        .toList()
        .parallelStream()
        .filter(BrokenFormatsTest::fails)
        .map(KunitRun::testCase)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean fails(KunitRun run) {
    try {
      KunitTest.check(run);
      return false;
    } catch (TestAbortedException e) {
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }
}
