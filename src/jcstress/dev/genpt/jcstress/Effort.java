package dev.genpt.jcstress;

import java.util.List;
import java.util.stream.Stream;

/** How long jcstress lets the races run. */
public enum Effort {
  /** A second a race, as the JVM compiles it by itself. */
  QUICK(
      "-m", "quick", "-f", "1", "-iters", "1", "-time", "1000", "-sc", "false", "-jvmArgs", "-ea"),

  /** jcstress's own preset: several JVMs for every choice of compilers and of their options. */
  DEFAULT("-m", "default");

  /**
   * Short strides, for a race costs microseconds and the two sides drift apart; heap for the tables
   * of all races of one stride.
   */
  private static final List<String> ALWAYS =
      List.of("-strideSize", "32", "-strideCount", "8", "-hs", "512");

  private final List<String> options;

  Effort(String... options) {
    this.options = List.of(options);
  }

  /** The command line of jcstress. */
  List<String> options() {
    return Stream.concat(options.stream(), ALWAYS.stream()).toList();
  }
}
