package dev.genpt.vectors;

import dev.genpt.table.Feature;
import java.util.Set;

/**
 * Rule 4: where addresses are sign extended, a range that is not canonical or not in one half was
 * recorded as accepted, and meant the canonical page that it aliases; it must be refused.
 */
final class OtherHalfRule implements RefusalRule {
  /** Errors that a map finds before it looks at the input range. */
  private static final Set<String> FOUND_EARLIER =
      Set.of("-EINVAL", "-EOPNOTSUPP", "-EOVERFLOW", "-ENXIO");

  @Override
  public int number() {
    return 4;
  }

  @Override
  public boolean isMet(Situation at, Answer recorded) {
    if (!at.has(Feature.SIGN_EXTEND)
        || !(at.operation() instanceof Operation.OnRange range)
        || range.length() == 0
        || FOUND_EARLIER.contains(recorded.rc())) {
      return false;
    }
    long last = range.iova() + range.length() - 1;
    return InputRange.isTakenUpstream(at, range.iova(), last)
        && !InputRange.isInOneHalf(at, range.iova(), last);
  }
}
