package dev.genpt.vectors;

import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an old engine must answer: what was recorded, but for {@link FailedMapRule}. */
final class LegacyExpectation implements Expectation {
  private final Replay<?, ?> second;
  private final NavigableMap<Integer, NavigableSet<Integer>> rulesMet = new TreeMap<>();

  /**
   * Expectations.
   *
   * @param second another table like that of the scenario, untouched; closed with this
   */
  LegacyExpectation(Replay<?, ?> second) {
    this.second = second;
  }

  @Override
  public Answer of(int number, Scenario.Step step) {
    Answer due = FailedMapRule.correct(step.operation(), second, step.recorded());
    if (!due.equals(step.recorded())) {
      rulesMet.put(number, new TreeSet<>(List.of(FailedMapRule.NUMBER)));
    }
    return due;
  }

  /** An old engine answers address 0 for both. */
  @Override
  public boolean leavesZeroOpen() {
    return false;
  }

  @Override
  public NavigableMap<Integer, NavigableSet<Integer>> rulesMet() {
    return rulesMet;
  }

  @Override
  public void close() {
    second.close();
  }
}
