package dev.genpt.vectors;

import dev.genpt.bits.Log2;
import dev.genpt.table.Feature;

/** Which input addresses a table takes, by upstream's test and by the strict one. */
final class InputRange {
  private InputRange() {}

  /**
   * True if upstream takes {@code [va, lastVa]}: the bits above the width are all like the prefix.
   * Where addresses are sign extended the prefix comes from the first address, and the sign bit is
   * not looked at again.
   */
  static boolean isTakenUpstream(Situation at, long va, long lastVa) {
    int width = at.widthLg2();
    boolean ones = at.has(Feature.SIGN_EXTEND) && Log2.div(va, width - 1) != 0;
    long prefix = ones ? -1L : 0;
    return Long.compareUnsigned(va, lastVa) <= 0
        && Log2.divEqual(va, prefix, width)
        && Log2.divEqual(lastVa, prefix, width);
  }

  /** True if both are canonical addresses of one half; addresses are sign extended. */
  static boolean isInOneHalf(Situation at, long va, long lastVa) {
    int width = at.widthLg2();
    return Log2.signExtend(va, width) == va
        && Log2.signExtend(lastVa, width) == lastVa
        && (va < 0) == (lastVa < 0);
  }
}
