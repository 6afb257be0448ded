package dev.genpt.jcstress;

import dev.genpt.cli.Child;
import dev.genpt.cli.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * One run of jcstress, in a process of its own: it writes into the folder that it is started in, so
 * it gets one that is made for it.
 */
public final class JcstressRun {
  /** Where jcstress puts its pages, in the folder. */
  public static final String PAGES = "results/index.html";

  private static final String LOG = "jcstress.log";
  private static final String RESULTS = "jcstress-results-*.bin.gz";

  /** How far jcstress has come, as it says now and then. */
  private static final Pattern STANDING =
      Pattern.compile(
          "\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs\\)");

  private final Path folder;

  /** A run that leaves what it writes in {@code folder}. */
  public JcstressRun(Path folder) {
    this.folder = folder;
  }

  /** The races that there are, by their short names. */
  public static List<String> races() {
    return TestList.tests().stream().map(RaceResult::shortName).sorted().toList();
  }

  /**
   * Runs races and tells how far it has come.
   *
   * @param names short names of the races
   * @return what came of each, in the order of names
   * @throws IOException if jcstress can't be started, or left no results
   */
  public List<RaceResult> run(Effort effort, Collection<String> names)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    for (Path old : resultFiles()) {
      Files.delete(old);
    }
    List<String> tests =
        TestList.tests().stream()
            .filter(test -> names.contains(RaceResult.shortName(test)))
            .sorted()
            .toList();
    int status = execute(command(effort, tests));
    List<Path> files = resultFiles();
    if (status != 0 && files.isEmpty()) {
      throw new IOException(
          "jcstress ended with status %d and left no results; what it said is in %s"
              .formatted(status, folder.resolve(LOG)));
    }
    Map<String, RaceResult> results = new TreeMap<>();
    tests.forEach(test -> results.put(test, RaceResult.skipped(test)));
    for (Path file : files) {
      read(file).forEach(result -> results.put(result.getName(), RaceResult.of(result)));
    }
    return List.copyOf(results.values());
  }

  private static List<String> command(Effort effort, List<String> tests) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djcstress.console.printIntervalMs=1000",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-r",
                "results",
                "-t",
                tests.stream().map(Pattern::quote).collect(Collectors.joining("|", "^(?:", ")$"))));
    command.addAll(effort.options());
    return command;
  }

  private int execute(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    try (Child child = Child.start(builder);
        BufferedReader lines = child.process().inputReader();
        PrintWriter log = new PrintWriter(Files.newBufferedWriter(folder.resolve(LOG)), true)) {
      child.process().getOutputStream().close();
      watch(lines, log);
      return child.waitFor();
    }
  }

  private static void watch(BufferedReader lines, PrintWriter log) throws IOException {
    @Nullable Progress progress = null;
    try {
      long done = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.println(line);
        Matcher standing = STANDING.matcher(line);
        if (standing.matches()) {
          long planned = Long.parseLong(standing.group(1));
          progress = progress == null ? Progress.of("jcstress", planned) : progress;
          long before = done;
          done = 0;
          for (int ended = 2; ended <= standing.groupCount(); ended++) {
            done += Long.parseLong(standing.group(ended));
          }
          if (done > before) {
            progress.reach(done, "  %d of %d runs".formatted(done, planned));
          }
        }
      }
    } finally {
      if (progress != null) {
        progress.close();
      }
    }
  }

  private List<Path> resultFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, RESULTS)) {
      found.forEach(files::add);
    }
    return files;
  }

  private static List<TestResult> read(Path file) throws IOException {
    InProcessCollector results = new InProcessCollector();
    DiskReadCollector reader = new DiskReadCollector(file.toString(), results);
    try {
      reader.dump();
    } catch (ClassNotFoundException e) {
      throw new IOException("results of another jcstress: " + file, e);
    } finally {
      reader.close();
    }
    return ReportUtils.mergedByName(results.getTestResults());
  }
}
