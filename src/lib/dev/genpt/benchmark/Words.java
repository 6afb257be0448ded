package dev.genpt.benchmark;

import java.util.Locale;

/** Measured numbers as a title says them. Stateless. */
final class Words {
  private static final double NOTABLE = 1.05;
  private static final double WHOLE_FROM = 9.95;
  private static final double THOUSAND = 1000;

  private Words() {}

  /**
   * A ratio of times, the other's by ours: {@code 47 times as fast}, {@code as fast}, {@code 1.3
   * times as slow}.
   */
  static String speed(double ratio) {
    if (ratio >= NOTABLE) {
      return times(ratio) + " times as fast";
    }
    return ratio * NOTABLE > 1 ? "as fast" : times(1 / ratio) + " times as slow";
  }

  /** A factor, whole from 10. */
  static String times(double factor) {
    return String.format(Locale.ROOT, factor >= WHOLE_FROM ? "%,.0f" : "%.1f", factor);
  }

  /** A time in a unit that keeps it short: {@code 44 ns}, {@code 1.2 µs}, {@code 12 ms}. */
  static String time(double nanoseconds) {
    double value = nanoseconds;
    String unit = "ns";
    for (String larger : new String[] {"µs", "ms", "s"}) {
      if (value < THOUSAND) {
        break;
      }
      value /= THOUSAND;
      unit = larger;
    }
    return String.format(Locale.ROOT, value >= WHOLE_FROM ? "%.0f %s" : "%.1f %s", value, unit);
  }

  /** A power of ten on an axis of times. */
  static String tick(double nanoseconds) {
    String time = time(nanoseconds);
    return nanoseconds < 1 ? plain(nanoseconds) + " ns" : time.replace(".0 ", " ");
  }

  /** A number without needless digits. */
  static String plain(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%s", (float) value);
  }
}
