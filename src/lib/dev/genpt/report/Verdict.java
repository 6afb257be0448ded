package dev.genpt.report;

/** How a run ended. */
public enum Verdict {
  /** Everything held. */
  PASSED,
  /** Something did not hold. */
  FAILED,
  /** It does not apply here; the run says why. */
  SKIPPED
}
