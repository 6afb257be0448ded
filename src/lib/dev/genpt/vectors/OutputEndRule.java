package dev.genpt.vectors;

import dev.genpt.bits.Log2;
import java.util.Set;

/**
 * Rule 5: a map whose output addresses begin inside what the table can hold and end outside was
 * recorded as accepted, the addresses wrapping inside their field; it must be refused.
 */
final class OutputEndRule implements RefusalRule {
  /** Errors that a map finds before it looks at where the output range ends. */
  private static final Set<String> FOUND_EARLIER = Set.of("-EINVAL", "-EOPNOTSUPP", "-EOVERFLOW");

  @Override
  public int number() {
    return 5;
  }

  @Override
  public boolean isMet(Situation at, Answer recorded) {
    if (!(at.operation() instanceof Operation.Map map) || FOUND_EARLIER.contains(recorded.rc())) {
      return false;
    }
    long lastPa = Log2.toMax(at.pageTable().maxOaLg2());
    return map.length() != 0
        && Long.compareUnsigned(map.pa(), lastPa) <= 0
        && Long.compareUnsigned(map.length() - 1, lastPa - map.pa()) > 0;
  }
}
