package dev.genpt.vectors;

import java.util.List;

/**
 * A behaviour that was recorded and that the engine must not have: the conditions under which the
 * two differ, and what the engine must answer instead.
 */
sealed interface Rule
    permits EmptyUnmapRule, OutOfRangeRule, DirtyExtentRule, OtherHalfRule, OutputEndRule {
  /** Rules that refuse a whole operation which was recorded as carried out. */
  List<Rule> REFUSALS = List.of(new OtherHalfRule(), new OutputEndRule());

  /** Rules that correct single keys of an answer. */
  List<Rule> CORRECTIONS =
      List.of(new EmptyUnmapRule(), new OutOfRangeRule(), new DirtyExtentRule());

  /** The rule's number in the data set's text. */
  int number();

  /**
   * What the answer must be: {@code recorded} where the conditions are not met, else with this
   * rule's keys corrected.
   */
  Answer correct(Situation at, Answer recorded);
}
