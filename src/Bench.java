///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//COMPILE_OPTIONS -proc:full
//DEPS info.picocli:picocli:4.7.7
//DEPS me.tongfei:progressbar:0.10.2
//DEPS org.jspecify:jspecify:1.0.1
//DEPS org.openjdk.jmh:jmh-core:1.37
//DEPS org.openjdk.jmh:jmh-generator-annprocess:1.37
//SOURCES ../engine/Sources.java
//SOURCES bench/dev/genpt/bench/*.java
//SOURCES bench/dev/genpt/jmh/*.java
//SOURCES lib/ChartSources.java
//SOURCES lib/dev/genpt/cli/*.java
//SOURCES ../datasets/benchmarks/Files.java
//RUNTIME_OPTIONS -Djava.awt.headless=true
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

import dev.genpt.bench.BenchCase;
import dev.genpt.bench.Plan;
import dev.genpt.benchmark.BenchmarkFolder;
import dev.genpt.benchmark.RecordedRun;
import dev.genpt.benchmark.Report;
import dev.genpt.benchmark.ReportFolder;
import dev.genpt.cli.Glob;
import dev.genpt.cli.Progress;
import dev.genpt.cli.WrongUsage;
import dev.genpt.jmh.BenchRun;
import dev.genpt.jmh.Effort;
import dev.genpt.jmh.JmhJson;
import dev.genpt.jmh.PhaseResult;
import dev.genpt.project.Checkout;
import dev.genpt.project.DataFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the generic page table beside the engines that Linux had before. */
@Command(
    name = "bench",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "genpt bench 0.1.0",
    description = {
      "Measures map, unmap, translation and dirty reads: the generic page table (new), the engines"
          + " that Linux had before (old), and the best loop of the JVM over as many words (limit),"
          + " which take turns in the same process.",
      "Runs on JMH, each case in processes of its own. Leave the machine alone meanwhile.",
      "Afterwards it prints the times in the layout of Linux's own benchmark, and writes a report with"
          + " charts, which ./jbang chart draws again at any time."
    },
    footer = {
      "",
      "A case is FORMAT:PAGE_SIZE_LG2:COUNT:MODE:STATE. Times are those of COUNT entries.",
      "  MODE   discrete     one call, entries that can't merge",
      "         contiguous   one call, entries that merge where the format can",
      "         batched      a call an entry",
      "         growth       one call that makes the root grow by a level",
      "         two_threads  discrete, two threads at once on one domain; and in turns",
      "  STATE  alone        the case is alone in its process",
      "         loaded       all formats and engines were used before, as in a notebook",
      "",
      "Examples:",
      "  ./jbang bench",
      "  ./jbang bench --format amdv1 --csv amdv1.csv",
      "  ./jbang bench --full --case '*:12:256:*'",
      "",
      "Ctrl-C keeps what was measured so far in the CSV file.",
      "Exit status: 0 all was measured, 1 a case failed or there was none, 2 wrong usage."
    })
final class Bench implements Callable<Integer> {
  private static final String OUTPUT = "build/bench";
  private static final String OUTSIDE =
      "There is no clone here to write to: run this in a folder of a clone, or give --out.";
  private static final String LOG = "jmh.log";
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @ArgGroup private How how = new How();

  /** How much. */
  static final class How {
    @Option(
        names = "--quick",
        description = "Upstream's cases and a few more: less than 3 minutes (this is what runs).")
    private boolean quick;

    @Option(names = "--full", description = "Every case, on more processes; says how long before.")
    private boolean full;
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One format alone: amdv1, x86_64, vtdss or riscv64.")
  private @Nullable String format;

  @Option(
      names = "--case",
      paramLabel = "GLOB",
      defaultValue = "*",
      description = "Cases of this name alone; * stands for any characters, ? for one.")
  private String name = "*";

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Where the times go, written anew (default: bench.csv in the folder of --out).")
  private @Nullable Path csv;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where the report, JMH's JSON and all else goes (default: " + OUTPUT + " in the clone).")
  private @Nullable Path out;

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Bench()).setParameterExceptionHandler(new WrongUsage()).execute(args));
  }

  @Override
  public Integer call() {
    if (format != null && !Plan.formats().contains(format)) {
      throw wrong(
          "--format %s is not measured. There is %s"
              .formatted(format, String.join(", ", Plan.formats())));
    }
    Plan plan = how.full ? Plan.FULL : Plan.QUICK;
    Predicate<String> wanted = Glob.matching(name);
    List<BenchCase> cases =
        plan.cases().stream()
            .filter(each -> format == null || each.format().equals(format))
            .filter(each -> wanted.test(each.id()))
            .toList();
    if (cases.isEmpty()) {
      return fail("no case matches --case \"%s\". There is %s".formatted(name, ids(plan)));
    }
    try {
      measure(Effort.of(plan), cases, folder());
    } catch (IOException e) {
      return fail(e.toString());
    } catch (RunnerException e) {
      return fail("JMH: %s; what it said is in %s".formatted(e.getMessage(), LOG));
    }
    return CommandLine.ExitCode.OK;
  }

  private static String ids(Plan plan) {
    return String.join(" ", plan.cases().stream().map(BenchCase::id).toList());
  }

  private Path folder() throws IOException {
    Path folder =
        out != null ? out : Checkout.find().orElseThrow(() -> wrong(OUTSIDE)).resolve(OUTPUT);
    return Files.createDirectories(folder);
  }

  private void measure(Effort effort, List<BenchCase> cases, Path folder)
      throws IOException, RunnerException {
    PrintWriter console = spec.commandLine().getOut();
    Duration estimate = cases.stream().map(effort::estimate).reduce(Duration.ZERO, Duration::plus);
    console.printf(
        "%d cases, about %d:%02d minutes; medians in nanoseconds%n",
        cases.size(), estimate.toMinutes(), estimate.toSecondsPart());
    console.flush();
    Path rows = csv != null ? csv : folder.resolve("bench.csv");
    List<PhaseResult> results = new ArrayList<>();
    try (PrintStream log = new PrintStream(folder.resolve(LOG).toFile(), StandardCharsets.UTF_8);
        Progress progress = Progress.of("bench", cases.size())) {
      BenchRun bench = new BenchRun(effort, log);
      for (BenchCase each : cases) {
        List<PhaseResult> measured = bench.run(each);
        results.addAll(measured);
        run(results).write(rows);
        progress.step("  %-36s%s".formatted(each.id(), PhaseResult.line(measured)));
      }
    }
    JmhJson.write(folder.resolve("jmh.json"), results);
    report(run(results), folder);
  }

  private static RecordedRun run(List<PhaseResult> results) {
    return new RecordedRun(results.stream().map(PhaseResult::measurement).toList());
  }

  private void report(RecordedRun run, Path folder) throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    try (DataFolder data =
        DataFolder.open(Optional.empty(), BenchmarkFolder.IN_CHECKOUT, Bench.class)) {
      Report report = Report.of(run, new BenchmarkFolder(data.path()));
      report.tables().forEach(table -> console.printf("%n%s", table.text()));
      ReportFolder.write(report, folder);
    }
    console.printf("%nThe report: %s%n", folder.resolve(ReportFolder.PAGE));
    console.flush();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int fail(String message) {
    spec.commandLine().getErr().println("bench: " + message);
    return FAILED;
  }
}
