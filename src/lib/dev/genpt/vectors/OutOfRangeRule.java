package dev.genpt.vectors;

/**
 * Rule 2: the translation of an address out of range was recorded as the error number cast to an
 * address; it must be no translation.
 */
final class OutOfRangeRule implements Rule {
  /** -ERANGE as an address. */
  private static final Value ERROR_AS_ADDRESS = new Value.Hex(-34);

  @Override
  public int number() {
    return 2;
  }

  @Override
  public Answer correct(Situation at, Answer recorded) {
    return at.operation() instanceof Operation.IovaToPhys(long iova)
            && recorded.holds(Answer.PA, ERROR_AS_ADDRESS)
            && !InputRange.isTakenUpstream(at, iova, iova)
        ? recorded.with(Answer.PA, new Value.NoTranslation())
        : recorded;
  }
}
