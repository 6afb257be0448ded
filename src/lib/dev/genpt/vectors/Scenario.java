package dev.genpt.vectors;

import java.util.List;
import java.util.Optional;

/**
 * A table, operations on it, and what was recorded of them.
 *
 * @param name unique in its file
 * @param config the table
 * @param opening what making the table answered
 * @param steps the operations in order
 * @param dump the table at the end; empty if it could not be made
 */
record Scenario(
    String name, Config config, Answer opening, List<Step> steps, Optional<TableImage> dump) {
  /** An operation and what was recorded of it. */
  record Step(Operation operation, Answer recorded) {}

  Scenario {
    steps = List.copyOf(steps);
  }
}
