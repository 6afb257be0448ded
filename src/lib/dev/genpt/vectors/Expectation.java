package dev.genpt.vectors;

import java.util.NavigableMap;
import java.util.NavigableSet;

/** What an engine must answer to each operation of a scenario, in order. */
interface Expectation extends AutoCloseable {
  /**
   * What operation {@code number} must answer; to be asked before the engine does it, and once.
   *
   * @param step the operation and what was recorded of it
   */
  Answer of(int number, Scenario.Step step);

  /** Whether a recorded translation "address 0" may still stand for no translation. */
  boolean leavesZeroOpen();

  /** Rules that corrected something so far: operation by operation, the numbers of the rules. */
  NavigableMap<Integer, NavigableSet<Integer>> rulesMet();

  @Override
  void close();
}
