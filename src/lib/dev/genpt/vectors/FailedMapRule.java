package dev.genpt.vectors;

/**
 * Rule 7: the core's map over an old engine that failed was rolled back and yet recorded as a
 * success; it must tell the error of the engine's call.
 *
 * <p>Which error that is shows on a second table, where the same map stays as far as it came.
 */
final class FailedMapRule {
  static final int NUMBER = 7;

  private FailedMapRule() {}

  /**
   * What the operation must answer.
   *
   * @param second another table in the state before the operation; in that after it, afterwards
   */
  static Answer correct(Operation operation, Replay<?, ?> second, Answer recorded) {
    if (!(operation instanceof Operation.Map map) || !map.allOrNothing()) {
      second.run(operation);
      return recorded;
    }
    Answer call =
        second.run(new Operation.Map(map.iova(), map.pa(), map.length(), map.protection(), false));
    if (call.rc().equals(Answer.SUCCESS)) {
      return recorded;
    }
    call.hex(Answer.MAPPED)
        .ifPresent(mapped -> second.run(new Operation.Unmap(map.iova(), mapped, false)));
    return recorded.rc().equals(Answer.SUCCESS)
        ? recorded.withText(Answer.RC, call.rc())
        : recorded;
  }
}
