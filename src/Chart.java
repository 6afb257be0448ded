///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS info.picocli:picocli:4.7.7
//DEPS org.jspecify:jspecify:1.0.1
//SOURCES ../engine/Sources.java
//SOURCES lib/ChartSources.java
//SOURCES ../datasets/benchmarks/Files.java
//RUNTIME_OPTIONS -Djava.awt.headless=true
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

import dev.genpt.benchmark.BenchmarkFolder;
import dev.genpt.benchmark.RecordedRun;
import dev.genpt.benchmark.Report;
import dev.genpt.benchmark.ReportFolder;
import dev.genpt.cli.WrongUsage;
import dev.genpt.project.Checkout;
import dev.genpt.project.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Draws the charts and writes the report of recorded benchmark times. */
@Command(
    name = "chart",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "genpt chart 0.1.0",
    description = {
      "Draws every chart of the benchmark, and writes the report, from times that were recorded; it measures"
          + " nothing. The figures that Linux's developers published and the times of the C code are drawn"
          + " beside them. See datasets/benchmarks/README.md.",
      "A chart that the rows do not suffice for is left out, by name."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang chart",
      "  ./jbang chart --csv build/bench/bench.csv --out build/bench",
      "  ./jbang chart --csv monday.csv --csv tuesday.csv --csv wednesday.csv",
      "",
      "Exit status: 0 all was written, 1 a file can't be read or written, 2 wrong usage."
    })
final class Chart implements Callable<Integer> {
  private static final String OUTPUT = "build/chart";
  private static final String OUTSIDE =
      "There is no clone here to write to: run this in a folder of a clone, or give --out.";
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = {
        "Times that ./jbang bench wrote (default: the newest run of datasets/benchmarks).",
        "Of several files each row is taken from the run whose median is in the middle."
      })
  private List<Path> csv = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the files go (default: " + OUTPUT + " in the clone).")
  private @Nullable Path out;

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Chart()).setParameterExceptionHandler(new WrongUsage()).execute(args));
  }

  @Override
  public Integer call() {
    Path folder =
        out != null
            ? out
            : Checkout.find()
                .orElseThrow(() -> new ParameterException(spec.commandLine(), OUTSIDE))
                .resolve(OUTPUT);
    try (DataFolder data =
        DataFolder.open(Optional.empty(), BenchmarkFolder.IN_CHECKOUT, Chart.class)) {
      return draw(new BenchmarkFolder(data.path()), folder);
    } catch (NoSuchFileException e) {
      return fail("there is no file " + e.getMessage());
    } catch (IOException e) {
      return fail(e.toString());
    } catch (IllegalArgumentException e) {
      return fail(e.getMessage());
    }
  }

  private int draw(BenchmarkFolder recorded, Path folder) throws IOException {
    List<Path> files = csv.isEmpty() ? recorded.newestRun().stream().toList() : csv;
    if (files.isEmpty()) {
      return fail("no run is recorded in %s: give --csv".formatted(BenchmarkFolder.IN_CHECKOUT));
    }
    List<RecordedRun> runs = new ArrayList<>();
    for (Path file : files) {
      runs.add(RecordedRun.read(file));
    }
    RecordedRun run = RecordedRun.middleOf(runs);
    Report report = Report.of(run, recorded);
    PrintWriter console = spec.commandLine().getOut();
    files.forEach(file -> console.println("from " + file));
    run.machines().forEach(machine -> console.println("  " + machine));
    ReportFolder.write(report, folder).forEach(console::println);
    report.missing().forEach(chart -> console.println("left out, " + chart));
    console.flush();
    return CommandLine.ExitCode.OK;
  }

  private int fail(@Nullable String message) {
    spec.commandLine().getErr().println("chart: " + message);
    return FAILED;
  }
}
