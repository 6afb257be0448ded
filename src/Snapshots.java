///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS info.picocli:picocli:4.7.7
//DEPS me.tongfei:progressbar:0.10.2
//DEPS org.jspecify:jspecify:1.0.1
//SOURCES ../engine/Sources.java
//SOURCES lib/SnapshotsSources.java
//SOURCES ../datasets/snapshots/Files.java
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

import dev.genpt.cli.Progress;
import dev.genpt.cli.WrongUsage;
import dev.genpt.format.Formats;
import dev.genpt.json.JsonFile;
import dev.genpt.project.DataFolder;
import dev.genpt.snapshots.RootResult;
import dev.genpt.snapshots.SnapshotCheck;
import dev.genpt.table.FormatDefinition;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads page tables that real kernels wrote and compares every mapping and every fault. */
@Command(
    name = "snapshots",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    version = "genpt snapshots 0.1.0",
    description = {
      "Opens page tables that real kernels wrote, from memory images of stopped machines, and compares"
          + " every mapping and every fault with what is known of them.",
      "Each root is checked both ways: its whole table is listed, and single addresses are translated."
          + " On an AMD machine the roots are found from the registers too, and a simulated IOMMU answers"
          + " its devices. See datasets/snapshots/README.md."
    },
    footer = {
      "",
      "Examples:",
      "  ./jbang snapshots",
      "  ./jbang snapshots datasets/snapshots --format amdv1 --verbose",
      "",
      "The last line counts roots: those that passed, failed and were skipped because the engine does not"
          + " have their format.",
      "Exit status: 0 all passed, 1 a root failed or none was checked, 2 wrong usage."
    })
final class Snapshots implements Callable<Integer> {
  private static final String DATA = "datasets/snapshots";

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Folder with images *.json (default: the project's own).")
  private @Nullable Path folder;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "Check the roots of this format only.")
  private @Nullable String format;

  @Option(
      names = "--verbose",
      description = "List every difference of a root that failed, not the first alone.")
  private boolean verbose;

  public static void main(String[] args) {
    CommandLine command =
        new CommandLine(new Snapshots())
            .setParameterExceptionHandler(new WrongUsage())
            .setExecutionExceptionHandler(Snapshots::reportFailure);
    System.exit(command.execute(args));
  }

  private static int reportFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(e instanceof IOException)) {
      throw e;
    }
    command.getErr().println("snapshots: can't read " + e.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public Integer call() throws IOException {
    try (DataFolder data = DataFolder.open(Optional.ofNullable(folder), DATA, Snapshots.class)) {
      return check(data.path());
    }
  }

  private int check(Path data) throws IOException {
    List<SnapshotCheck> images = filesIn(data).stream().map(SnapshotCheck::read).toList();
    Optional<String> onlyFormat = Optional.ofNullable(format);
    onlyFormat.ifPresent(name -> checkFormat(name, images));
    List<RootResult> results = new ArrayList<>();
    try (Progress progress = Progress.of("snapshots", -1)) {
      for (SnapshotCheck image : images) {
        image.run(
            onlyFormat,
            result -> {
              results.add(result);
              progress.step(result.line());
            });
      }
    }
    return report(results);
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

  /** Refuses a format that neither the engine nor an image knows. */
  private void checkFormat(String name, List<SnapshotCheck> images) {
    Set<String> known = new TreeSet<>();
    Formats.all().stream().map(FormatDefinition::name).forEach(known::add);
    images.forEach(image -> known.addAll(image.formats()));
    if (!known.contains(name)) {
      throw usage("--format \"%s\": there is %s".formatted(name, String.join(", ", known)));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int report(List<RootResult> results) {
    PrintWriter out = spec.commandLine().getOut();
    if (Progress.onTerminal()) {
      results.forEach(result -> out.println(result.line()));
    }
    if (verbose) {
      results.stream()
          .filter(result -> !result.problems().isEmpty())
          .forEach(result -> out.print("FAILED %s\n%s".formatted(result.name(), allOf(result))));
    }
    long failed = results.stream().filter(result -> !result.problems().isEmpty()).count();
    long skipped = results.stream().filter(RootResult.Skipped.class::isInstance).count();
    long passed = results.size() - failed - skipped;
    out.println("%d passed, %d failed, %d skipped".formatted(passed, failed, skipped));
    out.flush();
    if (passed + failed == 0) {
      spec.commandLine().getErr().println("snapshots: no root was checked");
    }
    return failed == 0 && passed > 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static String allOf(RootResult result) {
    return String.join("\n", result.problems()).indent(2);
  }
}
