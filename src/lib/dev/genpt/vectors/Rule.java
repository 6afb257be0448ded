package dev.genpt.vectors;

/**
 * A behaviour that was recorded and that the engine must not have: the conditions under which the
 * two differ, and what the engine must answer instead.
 */
sealed interface Rule permits EmptyUnmapRule, OutOfRangeRule, DirtyExtentRule, RefusalRule {
  /** The rule's number in the data set's text. */
  int number();

  /**
   * What the answer must be: {@code recorded} where the conditions are not met, else with this
   * rule's keys corrected.
   */
  Answer correct(Situation at, Answer recorded);
}
