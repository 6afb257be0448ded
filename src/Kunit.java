///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS info.picocli:picocli:4.7.7
//DEPS me.tongfei:progressbar:0.10.2
//DEPS org.jspecify:jspecify:1.0.1
//DEPS org.junit.jupiter:junit-jupiter:5.14.4
//SOURCES ../engine/Sources.java
//SOURCES ../engine/src/test/java/dev/genpt/fixture/DelegatingFormat.java
//SOURCES ../engine/src/test/java/dev/genpt/fixture/ReachableTables.java
//SOURCES ../engine/src/test/java/dev/genpt/fixture/TableCensus.java
//SOURCES ../engine/src/test/java/dev/genpt/kunit/*.java
//SOURCES lib/dev/genpt/cli/*.java
//SOURCES lib/dev/genpt/report/*.java
//RUNTIME_OPTIONS -ea -Djava.awt.headless=true
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

import dev.genpt.cli.Progress;
import dev.genpt.cli.WrongUsage;
import dev.genpt.kunit.KunitRuns;
import dev.genpt.report.Counts;
import dev.genpt.report.JunitXml;
import dev.genpt.report.Ktap;
import dev.genpt.report.ReportFile;
import dev.genpt.report.ResultTree;
import dev.genpt.report.RunResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the suites of Linux's own tests, rebuilt, over the engine's formats. */
@Command(
    name = "kunit",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "genpt kunit 0.1.0",
    description = {
      "Runs the test suites that Linux has for its page tables, rebuilt under the same names: every"
          + " case of every suite with every configuration of every format.",
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang kunit --format amdv1",
      "  ./jbang kunit --filter '*_iommu_test.test_map_*' --ktap -",
      "",
      "The last line counts runs: a run is one case with one configuration.",
      "Exit status: 0 nothing failed, 1 a run failed or there was none to run, 2 wrong usage."
    })
final class Kunit implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";
  private static final int SEEDS = 1_000_000;
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      completionCandidates = FormatNames.class,
      description = "This format alone: ${COMPLETION-CANDIDATES}.")
  private @Nullable String format;

  @Option(
      names = "--filter",
      paramLabel = "GLOB",
      defaultValue = "*",
      description =
          "Runs that match SUITE, SUITE.CASE or SUITE.CASE.CONFIGURATION alone; * stands for any"
              + " characters, ? for one.")
  private String filter;

  @Option(
      names = "--ktap",
      paramLabel = "FILE",
      description =
          "Write the results as KTAP, the kernel's form, which its kunit.py parse reads. With - they"
              + " go to standard output, alone.")
  private @Nullable String ktap;

  @Option(
      names = "--junit-xml",
      paramLabel = "FILE",
      description = "Write the results as XML, for build servers.")
  private @Nullable Path junitXml;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the random numbers, to repeat a run (default: another each time).")
  private @Nullable Long seed;

  /** Runs the command line; exits with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  private static CommandLine commandLine() {
    return new CommandLine(new Kunit()).setParameterExceptionHandler(new WrongUsage());
  }

  @Override
  public Integer call() {
    KunitRuns runs = chosen();
    Map<ReportFile, Function<List<RunResult>, String>> files = files();
    if (runs.size() == 0) {
      return fail(
          "no run matches --filter \"%s\"%s. The form is SUITE.CASE.CONFIGURATION, as in amdv1_iommu_test.test_map_*"
              .formatted(filter, format == null ? "" : " in format " + format));
    }
    long usedSeed = seed != null ? seed : ThreadLocalRandom.current().nextInt(SEEDS);
    boolean ktapAlone = STANDARD_OUTPUT.equals(ktap);
    List<RunResult> results = ktapAlone ? runs.run(usedSeed, _ -> {}) : show(runs, usedSeed);
    if (ktapAlone) {
      print(Ktap.text(results));
    }
    for (var file : files.entrySet()) {
      try {
        file.getKey().write(file.getValue().apply(results));
      } catch (IOException e) {
        return fail("can't write " + e.getMessage());
      }
    }
    Counts counts = Counts.of(results);
    (ktapAlone ? spec.commandLine().getErr() : spec.commandLine().getOut()).println(counts);
    return counts.failed() == 0 ? CommandLine.ExitCode.OK : FAILED;
  }

  private KunitRuns chosen() {
    KunitRuns all = KunitRuns.all();
    if (format == null) {
      return all.matching(filter);
    }
    KunitRuns ofFormat = all.ofFormat(format);
    if (ofFormat.size() == 0) {
      throw usage(
          "--format \"%s\": there is %s".formatted(format, String.join(", ", KunitRuns.formats())));
    }
    return ofFormat.matching(filter);
  }

  /** The files that are asked for, with what goes into each; checked before anything runs. */
  private Map<ReportFile, Function<List<RunResult>, String>> files() {
    Map<ReportFile, Function<List<RunResult>, String>> files = new LinkedHashMap<>();
    if (ktap != null && !ktap.equals(STANDARD_OUTPUT)) {
      files.put(file("--ktap", Path.of(ktap)), Ktap::text);
    }
    if (junitXml != null) {
      files.put(file("--junit-xml", junitXml), results -> JunitXml.text("kunit", results));
    }
    return files;
  }

  private ReportFile file(String option, Path path) {
    try {
      return ReportFile.at(path);
    } catch (IOException e) {
      throw usage("%s: %s".formatted(option, e.getMessage()));
    }
  }

  /**
   * Runs, and shows the tree: on a terminal at the end, for the bar has the lines until then;
   * elsewhere suite by suite.
   */
  private List<RunResult> show(KunitRuns runs, long usedSeed) {
    boolean bar = Progress.onTerminal();
    ResultTree tree =
        CommandLine.Help.Ansi.AUTO.enabled() ? ResultTree.coloured() : ResultTree.plain();
    print("%d runs, seed %d\n\n".formatted(runs.size(), usedSeed));
    List<RunResult> results = new ArrayList<>();
    try (Progress progress = Progress.of("kunit", runs.size())) {
      for (KunitRuns suite : runs.bySuite()) {
        List<RunResult> ofSuite =
            suite.run(
                usedSeed,
                run -> {
                  if (bar) {
                    progress.step(run.name());
                  }
                });
        results.addAll(ofSuite);
        if (!bar) {
          print(tree.text(ofSuite));
        }
      }
    }
    if (bar) {
      print(tree.text(results));
    }
    print("\n");
    return results;
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private int fail(String message) {
    spec.commandLine().getErr().println("kunit: " + message);
    return FAILED;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The formats that there are suites for. */
  static final class FormatNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return KunitRuns.formats().iterator();
    }
  }
}
