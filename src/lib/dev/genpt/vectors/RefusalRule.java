package dev.genpt.vectors;

/** A rule about operations that the engine must refuse, though they were recorded as accepted. */
sealed interface RefusalRule extends Rule permits OtherHalfRule, OutputEndRule {
  /** Whether the operation is one that the engine must refuse and the recorded code accepted. */
  boolean isMet(Situation at, Answer recorded);

  @Override
  default Answer correct(Situation at, Answer recorded) {
    if (!isMet(at, recorded)) {
      return recorded;
    }
    return Refusal.wasCarriedOut(at.operation(), recorded)
        ? Refusal.of(at)
        : Refusal.insteadOf(at.operation(), recorded);
  }
}
