///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS info.picocli:picocli:4.7.7
//DEPS me.tongfei:progressbar:0.10.2
//DEPS org.jspecify:jspecify:1.0.1
//SOURCES ../engine/Sources.java
//SOURCES lib/VectorsSources.java
//SOURCES ../datasets/vectors/Files.java
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

import dev.genpt.cli.Progress;
import dev.genpt.cli.WrongUsage;
import dev.genpt.format.Formats;
import dev.genpt.json.JsonFile;
import dev.genpt.project.DataFolder;
import dev.genpt.table.FormatDefinition;
import dev.genpt.vectors.FileReplay;
import dev.genpt.vectors.ScenarioResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays golden vectors on the engine and compares every answer and every table word. */
@Command(
    name = "vectors",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "genpt vectors 0.1.0",
    description = {
      "Replays what Linux's own page-table code answered and wrote, operation by operation, and compares"
          + " every answer and every table word.",
      "Where Linux's behaviour was a defect, numbered rules say what the engine must do instead; see"
          + " datasets/vectors/README.md."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang vectors",
      "  ./jbang vectors datasets/vectors --format amdv1 --verbose",
      "",
      "The last line counts scenarios: those that passed, failed and were skipped, and how many passed by a"
          + " rule.",
      "Exit status: 0 all passed, 1 a scenario failed or none ran, 2 wrong usage."
    })
final class Vectors implements Callable<Integer> {
  private static final String DATA = "datasets/vectors";
  private static final int SHOWN_FAILURES = 20;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Folder with files *.json of scenarios (default: the project's own).")
  private @Nullable Path folder;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "Replay the scenarios of this format only.")
  private @Nullable String format;

  @Option(
      names = "--verbose",
      description = "List the scenarios that passed by a rule, and every failure in full.")
  private boolean verbose;

  public static void main(String[] args) {
    CommandLine command =
        new CommandLine(new Vectors())
            .setParameterExceptionHandler(new WrongUsage())
            .setExecutionExceptionHandler(Vectors::reportFailure);
    System.exit(command.execute(args));
  }

  private static int reportFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(e instanceof IOException)) {
      throw e;
    }
    command.getErr().println("vectors: can't read " + e.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public Integer call() throws IOException {
    try (DataFolder data = DataFolder.open(Optional.ofNullable(folder), DATA, Vectors.class)) {
      return replay(data.path());
    }
  }

  private int replay(Path data) throws IOException {
    List<JsonFile> files = filesIn(data);
    Optional<String> onlyFormat = Optional.ofNullable(format);
    if (onlyFormat.isPresent()) {
      checkFormat(onlyFormat.get(), files);
    }
    List<FileReplay> replays = new ArrayList<>();
    try (Progress progress = Progress.of("vectors", files.size())) {
      for (JsonFile file : files) {
        FileReplay replay = FileReplay.of(file, onlyFormat);
        if (!replay.results().isEmpty() || onlyFormat.isEmpty()) {
          replays.add(replay);
          progress.step(replay.line());
        }
      }
    }
    return report(replays);
  }

  private List<JsonFile> filesIn(Path data) throws IOException {
    if (!Files.isDirectory(data)) {
      throw usage("DIR \"%s\": there is no such folder".formatted(data));
    }
    List<JsonFile> files = JsonFile.in(data);
    if (files.isEmpty()) {
      throw usage("DIR \"%s\": the folder holds no file *.json".formatted(data));
    }
    return files;
  }

  /** Refuses a format that neither the engine nor a file knows. */
  private void checkFormat(String name, List<JsonFile> files) throws IOException {
    Set<String> known = new TreeSet<>();
    Formats.all().stream().map(FormatDefinition::name).forEach(known::add);
    if (known.contains(name)) {
      return;
    }
    for (JsonFile file : files) {
      known.addAll(FileReplay.formatsOf(file));
    }
    if (!known.contains(name)) {
      throw usage("--format \"%s\": there is %s".formatted(name, String.join(", ", known)));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int report(List<FileReplay> replays) {
    PrintWriter out = spec.commandLine().getOut();
    if (Progress.onTerminal()) {
      replays.forEach(replay -> out.println(replay.line()));
    }
    if (verbose) {
      replays.forEach(replay -> printByRule(out, replay));
    }
    List<String> failures = replays.stream().flatMap(Vectors::failures).toList();
    failures.stream().limit(verbose ? Long.MAX_VALUE : SHOWN_FAILURES).forEach(out::println);
    if (!verbose && failures.size() > SHOWN_FAILURES) {
      out.println(
          "%d more failed; --verbose shows all".formatted(failures.size() - SHOWN_FAILURES));
    }
    long passed = replays.stream().mapToLong(FileReplay::passed).sum();
    long failed = replays.stream().mapToLong(FileReplay::failed).sum();
    long skipped = replays.stream().mapToLong(FileReplay::skipped).sum();
    long byRule = replays.stream().mapToLong(replay -> replay.byRule().size()).sum();
    out.println(
        "%d passed, %d failed, %d skipped, %d by rule".formatted(passed, failed, skipped, byRule));
    out.flush();
    if (passed + failed == 0) {
      spec.commandLine().getErr().println("vectors: no scenario ran");
    }
    return failed == 0 && passed > 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static void printByRule(PrintWriter out, FileReplay replay) {
    for (ScenarioResult.Passed scenario : replay.byRule()) {
      out.println("by rule: %s: %s".formatted(scenario.name(), scenario.rulesText()));
    }
  }

  private static Stream<String> failures(FileReplay replay) {
    return replay.failures().stream().map(failure -> text(replay.file(), failure));
  }

  private static String text(String file, ScenarioResult.Failed failure) {
    String problems =
        String.join("\n", failure.problems()).indent(failure.place().isEmpty() ? 2 : 4);
    String place = failure.place().isEmpty() ? "" : "  " + failure.place() + "\n";
    return "FAILED %s: %s\n%s%s".formatted(file, failure.name(), place, problems.stripTrailing());
  }
}
