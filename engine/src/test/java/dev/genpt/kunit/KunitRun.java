package dev.genpt.kunit;

import dev.genpt.report.RunResult;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * One case with one configuration: what kunit counts.
 *
 * <p>Each run has a machine of its own, so any runs may be under way at the same time.
 */
public final class KunitRun {
  private static final String PROJECT = "dev.genpt.";
  private static final int FRAMES = 6;

  private final KunitSuite suite;
  private final KunitCase kunitCase;
  private final int index;

  KunitRun(KunitSuite suite, KunitCase kunitCase, int index) {
    this.suite = suite;
    this.kunitCase = kunitCase;
    this.index = index;
  }

  /** Upstream's name of the suite. */
  public String suite() {
    return suite.name();
  }

  /** Upstream's name of the case. */
  public String testCase() {
    return kunitCase.name();
  }

  /** The name of the configuration. */
  public String parameter() {
    return suite.format().parameter(index);
  }

  /** Suite, case and configuration with dots between: what a filter is matched against. */
  public String name() {
    return String.join(".", suite(), testCase(), parameter());
  }

  KunitFormat format() {
    return suite.format();
  }

  /**
   * Runs it, and throws what did not go well.
   *
   * @param seed of the random numbers; every run makes its own of it
   * @throws TestAbortedException with upstream's reason, to skip
   * @throws AssertionFailedError with the run's name and the seed
   */
  void execute(long seed) {
    try {
      attempt(seed);
    } catch (TestAbortedException e) {
      throw e;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionFailedError(name() + ": " + describe(e, seed), e);
    }
  }

  /**
   * Runs it, and says how it went.
   *
   * @param seed of the random numbers, as in {@link KunitRuns#run}
   */
  public RunResult run(long seed) {
    long start = System.nanoTime();
    try {
      attempt(seed);
      return passed(start);
    } catch (TestAbortedException e) {
      return passed(start).skipped(String.valueOf(e.getMessage()));
    } catch (AssertionError | RuntimeException e) {
      return passed(start).failed(describe(e, seed), origin(e));
    }
  }

  private void attempt(long seed) {
    var random = new SplittableRandom(seed * 31 + name().hashCode());
    try (KunitFixture fixture = new KunitFixture(format(), format().configs().get(index), random)) {
      kunitCase.body().accept(fixture);
      fixture.assertNoTableLost();
    }
  }

  /** The message, with the kind of a problem that is no assertion of a case. */
  private static String describe(Throwable problem, long seed) {
    String message =
        problem instanceof AssertionFailedError
            ? String.valueOf(problem.getMessage())
            : problem.toString();
    return "%s (seed %d)".formatted(message, seed);
  }

  private RunResult passed(long start) {
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    return RunResult.passed(suite(), testCase(), parameter(), time);
  }

  /** The project's own frames between the problem and this class. */
  private static String origin(Throwable problem) {
    return Stream.of(problem.getStackTrace())
        .takeWhile(frame -> !frame.getClassName().equals(KunitRun.class.getName()))
        .filter(frame -> frame.getClassName().startsWith(PROJECT))
        .limit(FRAMES)
        .map(frame ->
            "%s.%s (%s:%d)"
                .formatted(
                    frame.getClassName().replaceFirst(".*\\.", ""),
                    frame.getMethodName(),
                    frame.getFileName(),
                    frame.getLineNumber()))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return name();
  }
}
