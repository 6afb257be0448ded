package dev.genpt.jmh;

import dev.genpt.bench.BenchCase;
import dev.genpt.bench.Plan;
import dev.genpt.bench.State;
import java.time.Duration;

/**
 * How long each case is measured. A round is an iteration of each phase.
 *
 * @param forks processes, one after the other
 * @param warmRounds rounds that are not counted
 * @param warm length of their iterations
 * @param rounds rounds that are counted
 * @param measured length of their iterations
 */
public record Effort(int forks, int warmRounds, Duration warm, int rounds, Duration measured) {
  private static final Duration START = Duration.ofMillis(1300);
  private static final Duration LOAD = Duration.ofMillis(3000);

  /** As much as the plan is good for. */
  public static Effort of(Plan plan) {
    return switch (plan) {
      case QUICK -> new Effort(1, 3, Duration.ofMillis(50), 4, Duration.ofMillis(35));
      case FULL -> new Effort(3, 4, Duration.ofMillis(120), 6, Duration.ofMillis(60));
    };
  }

  /** How long a case takes, about. */
  public Duration estimate(BenchCase each) {
    Duration start = each.state() == State.LOADED ? START.plus(LOAD) : START;
    Duration round = warm.multipliedBy(warmRounds).plus(measured.multipliedBy(rounds));
    return start.plus(round.multipliedBy(each.phases().size())).multipliedBy(forks);
  }
}
