package dev.genpt.jmh;

import dev.genpt.bench.BenchCase;
import dev.genpt.bench.Mode;
import dev.genpt.bench.Operation;
import dev.genpt.bench.Phase;
import dev.genpt.benchmark.Measurement;
import dev.genpt.benchmark.ThisMachine;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.util.Statistics;

/**
 * What JMH measured in the iterations of one phase. JMH's samples are whole nanoseconds of all
 * calls together; the figures here are those of the case.
 *
 * @param each the case
 * @param phase the phase
 * @param jmh JMH's own result
 */
public record PhaseResult(BenchCase each, Phase phase, RunResult jmh) {
  /** Takes the phase's iterations out of a fork's, for every fork. */
  static PhaseResult of(BenchCase each, int number, RunResult all) {
    Phase phase = each.phases().get(number);
    BenchmarkParams params = params(each, phase, all.getParams());
    List<BenchmarkResult> forks =
        all.getBenchmarkResults().stream()
            .map(fork ->
                new BenchmarkResult(params, ofPhase(each, number, fork), fork.getMetadata()))
            .toList();
    return new PhaseResult(each, phase, new RunResult(params, forks));
  }

  private static List<IterationResult> ofPhase(BenchCase each, int number, BenchmarkResult fork) {
    List<IterationResult> iterations = List.copyOf(fork.getIterationResults());
    int phases = each.phases().size();
    return IntStream.range(0, iterations.size())
        .filter(iteration -> iteration % phases == number)
        .mapToObj(iterations::get)
        .toList();
  }

  /** As JMH had them, but for what tells the phase, and without the path of the JVM. */
  private static BenchmarkParams params(BenchCase each, Phase phase, BenchmarkParams all) {
    WorkloadParams workload = new WorkloadParams();
    workload.put("case", each.id(), 0);
    workload.put("operation", BenchCase.name(phase.operation()), 0);
    workload.put("engine", BenchCase.name(phase.engine()), 0);
    workload.put("mode", BenchCase.name(phase.mode()), 0);
    workload.put("repeats", Integer.toString(each.repeats()), 0);
    return new BenchmarkParams(
        all.getBenchmark(),
        all.generatedBenchmark(),
        all.shouldSynchIterations(),
        all.getThreads(),
        all.getThreadGroups(),
        all.getThreadGroupLabels(),
        all.getForks(),
        all.getWarmupForks(),
        all.getWarmup(),
        all.getMeasurement(),
        all.getMode(),
        workload,
        all.getTimeUnit(),
        all.getOpsPerInvocation(),
        "java",
        all.getJvmArgs(),
        all.getJdkVersion(),
        all.getVmName(),
        all.getVmVersion(),
        all.getJmhVersion(),
        all.getTimeout());
  }

  /** The row of a recorded run, measured on this machine today. */
  public Measurement measurement() {
    Statistics all = statistics();
    double repeats = each.repeats();
    return new Measurement(
        each.format(),
        BenchCase.name(phase.engine()),
        BenchCase.name(phase.operation()),
        each.pageSizeLg2(),
        each.count(),
        BenchCase.name(phase.mode()),
        BenchCase.name(each.state()),
        all.getMean() / repeats,
        all.getMin() / repeats,
        all.getPercentile(50) / repeats,
        all.getPercentile(99) / repeats,
        ThisMachine.jvm(),
        ThisMachine.cpu(),
        LocalDate.now(ZoneId.systemDefault()));
  }

  /** The medians of a case in one line. */
  public static String line(List<PhaseResult> phases) {
    StringBuilder line = new StringBuilder();
    @Nullable Operation latest = null;
    for (PhaseResult result : phases) {
      Operation operation = result.phase.operation();
      line.append(operation == latest ? " " : "  " + BenchCase.name(operation) + " ")
          .append(BenchCase.name(result.phase.engine()))
          .append(result.phase.mode() == Mode.IN_TURNS ? " in turns" : "")
          .append(" %.1f".formatted(result.measurement().medianNs()));
      latest = operation;
    }
    return line.toString();
  }

  private Statistics statistics() {
    return jmh.getPrimaryResult().getStatistics();
  }
}
