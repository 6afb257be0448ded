package dev.genpt.vectors;

/** One scenario under way: its table, and the answer of each operation in recorded form. */
sealed interface Replay extends AutoCloseable permits MainlineReplay, LegacyReplay {
  /** What making the table answered. */
  Answer opening();

  /** Does one operation; what it answered. */
  Answer run(Operation operation);

  /**
   * What the operations of {@code scenario} must answer on this table.
   *
   * @throws IllegalStateException if the table could not be made
   */
  Expectation expectation(Scenario scenario);

  /**
   * The table as images.
   *
   * @throws IllegalStateException if the table could not be made
   */
  TableImages images();

  /** Frees the table. */
  @Override
  void close();
}
