package dev.genpt.runner;

import dev.genpt.cli.Progress;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engine's tests, run by a child process: {@code mvn -f engine test}. */
public final class EngineTests {
  private static final String COMMAND = "mvn -f engine test";
  private static final String LOG = "build/test/engine.log";
  private static final String ALL = "*";
  private static final int PROBLEM_LINES = 40;

  private static final Pattern COUNTS =
      Pattern.compile(
          "Tests run: (\\d+), Failures: (\\d+), Errors: (\\d+), Skipped: (\\d+)(?:,.* in (\\S+))?");

  private final Path root;
  private final String classes;
  private final SurefireReports reports;
  private final List<String> problems = new ArrayList<>();
  private Outcome total = Outcome.NONE;

  private EngineTests(Path root, String classes) {
    this.root = root;
    this.classes = classes;
    this.reports = new SurefireReports(root.resolve("engine/target/surefire-reports"));
  }

  /**
   * Runs them, with a line or a step of the progress bar a test class.
   *
   * @param root the checkout
   * @param classes simple name of the test classes to run, {@code *} for any letters
   * @throws IOException if Maven cannot be started or its reports not be read
   * @throws InterruptedException if the caller is interrupted while Maven runs
   */
  public static Outcome run(Path root, String classes) throws IOException, InterruptedException {
    Optional<Path> maven = maven();
    if (maven.isEmpty()) {
      return Outcome.broken(
          new Failure(
              COMMAND,
              "The engine's tests need Maven 3.8 or newer on the PATH (Debian: apt-get install maven)."));
    }
    return new EngineTests(root, classes).execute(maven.get());
  }

  private static Optional<Path> maven() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> Stream.of("mvn", "mvn.cmd").map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .filter(file -> File.separatorChar == '/' || file.toString().endsWith(".cmd"))
        .findFirst();
  }

  private Outcome execute(Path maven) throws IOException, InterruptedException {
    reports.clear();
    System.out.println("Engine: " + COMMAND);
    Process process = start(maven);
    Path log = root.resolve(LOG);
    Files.createDirectories(log.resolveSibling(""));
    try (BufferedReader lines = process.inputReader();
        PrintWriter copy = new PrintWriter(Files.newBufferedWriter(log));
        Progress progress = Progress.of("engine", testClasses())) {
      lines
          .lines()
          .forEach(line -> {
            copy.println(line);
            read(line, progress);
          });
    }
    int status = process.waitFor();
    List<Failure> failures = reports.failures();
    Outcome outcome = new Outcome(total.passed(), total.failed(), total.skipped(), failures);
    return status == 0 || total.failed() > 0
        ? outcome
        : outcome.plus(Outcome.broken(new Failure(COMMAND, problem(status))));
  }

  private Process start(Path maven) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(maven.toString(), "--batch-mode", "--file", "engine", "-Dstyle.color=never"));
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("genpt."))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    if (!classes.equals(ALL)) {
      command.add("-Dtest=" + classes);
      command.add("-Dsurefire.failIfNoSpecifiedTests=false");
    }
    command.add("test");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private long testClasses() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("engine/src"))) {
      return files.filter(file -> file.toString().endsWith("Test.java")).count();
    }
  }

  /** One line of Maven's output: a class is done, the total, a problem, or nothing to us. */
  private void read(String line, Progress progress) {
    Matcher counts = COUNTS.matcher(line);
    if (counts.find()) {
      Outcome outcome = outcome(counts);
      if (counts.group(5) == null) {
        total = outcome;
      } else {
        progress.step("  %-60s %s".formatted(counts.group(5), outcome));
      }
    } else if (line.startsWith("[ERROR]") || line.matches("\\[WARNING] .*\\.java:.*")) {
      problems.add(line);
    }
  }

  private static Outcome outcome(Matcher counts) {
    long run = Long.parseLong(counts.group(1));
    long failed = Long.parseLong(counts.group(2)) + Long.parseLong(counts.group(3));
    long skipped = Long.parseLong(counts.group(4));
    return new Outcome(run - failed - skipped, failed, skipped, List.of());
  }

  private String problem(int status) {
    return problems.stream()
        .map(line -> line.replace(root + File.separator, ""))
        .limit(PROBLEM_LINES)
        .collect(
            Collectors.joining(
                "\n",
                "Maven ended with status " + status + " though no test failed.\n",
                "\nAll that Maven said is in " + LOG + "."));
  }
}
