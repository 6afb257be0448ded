package dev.genpt.jmh;

import dev.genpt.bench.BenchCase;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures cases with JMH, each in processes of its own. */
public final class BenchRun {
  private static final String[] JVM_ARGUMENTS = {
    "-Xms512m",
    "-Xmx512m",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow"
  };

  private final Effort effort;
  private final PrintStream log;

  /** A run that tells {@code log} all that JMH says. */
  public BenchRun(Effort effort, PrintStream log) {
    this.effort = effort;
    this.log = log;
  }

  /**
   * Measures a case.
   *
   * @return what came of each phase, in the order of phases
   * @throws RunnerException if a process failed, or could not be started
   */
  public List<PhaseResult> run(BenchCase each) throws RunnerException {
    int phases = each.phases().size();
    Options options =
        new OptionsBuilder()
            .include(EngineBenchmark.class.getName() + ".calls$")
            .param("id", each.id())
            .threads(each.threads())
            .forks(effort.forks())
            .warmupIterations(effort.warmRounds() * phases)
            .warmupTime(time(effort.warm()))
            .measurementIterations(effort.rounds() * phases)
            .measurementTime(time(effort.measured()))
            .jvmArgs(JVM_ARGUMENTS)
            .shouldFailOnError(true)
            .build();
    RunResult all = runSingle(options);
    return IntStream.range(0, phases).mapToObj(phase -> PhaseResult.of(each, phase, all)).toList();
  }

  private RunResult runSingle(Options options) throws RunnerException {
    try (Forks forks = new Forks()) {
      return new Runner(options, OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL))
          .runSingle();
    }
  }

  private static TimeValue time(Duration duration) {
    return new TimeValue(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
