package dev.genpt.runner;

import dev.genpt.cli.Child;
import dev.genpt.cli.Progress;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The races of two threads, run by a child process: {@code ./jbang jcstress --quick}. */
public final class RaceTests {
  private static final String COMMAND = "./jbang jcstress --quick";
  private static final Pattern STANDING = Pattern.compile(" *(\\d+) of (\\d+) runs");
  private static final Pattern FAILED = Pattern.compile("FAILED +([^,]+), .*");
  private static final Pattern CLOSING =
      Pattern.compile("(\\d+) passed, (\\d+) failed, (\\d+) skipped");

  private RaceTests() {}

  /**
   * Runs them, with a line or a step of the progress bar a run.
   *
   * @param root the checkout
   * @throws IOException if the wrapper cannot be started
   * @throws InterruptedException if the caller is interrupted while the races run
   */
  public static Outcome run(Path root) throws IOException, InterruptedException {
    System.out.println("Races: " + COMMAND);
    String wrapper = File.separatorChar == '/' ? "jbang" : "jbang.cmd";
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve(wrapper).toString(), "jcstress", "--quick")
            .directory(root.toFile())
            .redirectErrorStream(true);
    try (Child child = Child.start(builder);
        BufferedReader output = child.process().inputReader()) {
      child.process().getOutputStream().close();
      List<String> lines = watch(output);
      child.waitFor();
      return outcome(lines);
    }
  }

  /** Shows how far it has come; all other lines. */
  private static List<String> watch(BufferedReader output) throws IOException {
    List<String> lines = new ArrayList<>();
    @Nullable Progress progress = null;
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher standing = STANDING.matcher(line);
        if (standing.matches()) {
          progress =
              progress != null ? progress : Progress.of("races", Long.parseLong(standing.group(2)));
          progress.reach(Long.parseLong(standing.group(1)), line);
        } else {
          lines.add(line);
        }
      }
    } finally {
      if (progress != null) {
        progress.close();
      }
    }
    return lines;
  }

  private static Outcome outcome(List<String> lines) {
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher failed = FAILED.matcher(lines.get(i));
      if (failed.matches()) {
        List<String> block =
            lines.subList(i, lines.size()).stream().takeWhile(line -> !line.isBlank()).toList();
        failures.add(new Failure(failed.group(1), String.join("\n", block)));
      }
    }
    Matcher closing = CLOSING.matcher(lines.isEmpty() ? "" : lines.getLast());
    return closing.matches()
        ? new Outcome(
            Long.parseLong(closing.group(1)),
            Long.parseLong(closing.group(2)),
            Long.parseLong(closing.group(3)),
            failures)
        : Outcome.broken(new Failure(COMMAND, String.join("\n", lines)));
  }
}
