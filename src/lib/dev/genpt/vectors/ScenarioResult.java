package dev.genpt.vectors;

import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What came of one scenario. */
public sealed interface ScenarioResult {
  /** The scenario's name, or its place in the file if it has none. */
  String name();

  /**
   * Every answer was as it must be.
   *
   * @param rules operation by operation, the numbers of the rules that corrected what was recorded;
   *     -1 is the making of the table
   */
  record Passed(String name, NavigableMap<Integer, NavigableSet<Integer>> rules)
      implements ScenarioResult {
    /** Whether a rule was needed. */
    public boolean isByRule() {
      return !rules.isEmpty();
    }

    /** The rules in a few words: {@code rule 1 at ops[3], ops[7]; rule 3 at ops[9]}. */
    public String rulesText() {
      NavigableSet<Integer> numbers =
          rules.values().stream()
              .flatMap(NavigableSet::stream)
              .collect(Collectors.toCollection(TreeSet::new));
      return numbers.stream()
          .map(rule -> "rule %d at %s".formatted(rule, placesOf(rule)))
          .collect(Collectors.joining("; "));
    }

    private String placesOf(int rule) {
      return rules.entrySet().stream()
          .filter(met -> met.getValue().contains(rule))
          .map(met -> met.getKey() < 0 ? "init" : "ops[%d]".formatted(met.getKey()))
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * An answer was otherwise, or the scenario could not be read.
   *
   * @param place the operation, by its number and with its arguments; empty if it was not read
   * @param problems what was wrong there, a line or more each
   */
  record Failed(String name, String place, List<String> problems) implements ScenarioResult {
    /** Copies the list. */
    public Failed {
      problems = List.copyOf(problems);
    }
  }

  /** The engine does not have the format. */
  record Skipped(String name, String format) implements ScenarioResult {}
}
