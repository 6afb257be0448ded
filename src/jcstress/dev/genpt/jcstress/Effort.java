package dev.genpt.jcstress;

import java.util.List;
import java.util.stream.Stream;

/** How long jcstress lets the races run. */
public enum Effort {
  /** A second a race, as the JVM compiles it by itself. */
  QUICK("-sc", "false", "-iters", "1", "-jvmArgs", "-ea"),

  /**
   * Every choice of interpreter and compilers for either side, which the optimising compiler may
   * order as it likes.
   */
  DEFAULT(
      "-sc",
      "true",
      "-iters",
      "2",
      "-jvmArgs",
      "-ea -XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM -XX:+StressIGVN -XX:+StressCCP");

  /**
   * Short strides, for a race costs microseconds and the two sides drift apart; heap for the tables
   * of all races of one stride.
   */
  private static final List<String> ALWAYS =
      List.of(
          "-m",
          "default",
          "-f",
          "1",
          "-time",
          "1000",
          "-strideSize",
          "32",
          "-strideCount",
          "8",
          "-hs",
          "512");

  private final List<String> options;

  Effort(String... options) {
    this.options = List.of(options);
  }

  /** The command line of jcstress. */
  List<String> options() {
    return Stream.concat(options.stream(), ALWAYS.stream()).toList();
  }
}
