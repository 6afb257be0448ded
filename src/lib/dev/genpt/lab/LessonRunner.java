package dev.genpt.lab;

import dev.genpt.cli.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A Jupyter that is set up for the lessons of a checkout.
 *
 * <p>Whatever it starts ends with it, or with this JVM.
 */
public final class LessonRunner {
  private static final String PROGRAM = "src/lab/lessons.py";
  private static final String LOG = "build/lab/lessons.log";
  private static final String PAGES = "build/lessons";
  private static final int LAST_LINES = 12;

  private final Path root;
  private final Jupyter jupyter;
  private final KernelSpec spec;

  LessonRunner(Path root, Jupyter jupyter, KernelSpec spec) {
    this.root = root;
    this.jupyter = jupyter;
    this.spec = spec;
  }

  /** Which kernel runs the lessons, and on which JDK. */
  public String kernel() {
    return "%s on JDK %s (%s)".formatted(spec.kernel(), Runtime.version(), spec.jdk());
  }

  /** The spec of its kernel. */
  public KernelSpec spec() {
    return spec;
  }

  /** The folder of the pages that {@link #execute} writes, relative to the checkout. */
  public String pages() {
    return PAGES;
  }

  /**
   * Runs lessons and writes their pages; from then on Jupyter shows the kept pictures of all
   * lessons in their folder.
   *
   * @param keep whether the outputs go into the notebooks too
   * @param line gets a line a lesson; from one that begins with FAILED on, what is known of the
   *     first cell that failed
   * @return whether all of them ran
   */
  public boolean execute(List<Lesson> lessons, boolean keep, Consumer<String> line)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("execute"));
    arguments.addAll(List.of("--pages", root.resolve(PAGES).toString()));
    if (keep) {
      arguments.add("--keep");
    }
    return run(arguments, lessons, line);
  }

  /**
   * Checks that lessons run, show what they keep, and show the same when cells are changed and run
   * again.
   *
   * @param line gets a line a check, {@code ok} or {@code not ok}, and indented under the latter
   *     what is wrong
   * @return whether all is well
   */
  public boolean check(List<Lesson> lessons, Consumer<String> line)
      throws IOException, InterruptedException {
    return run(List.of("check"), lessons, line);
  }

  private boolean run(List<String> task, List<Lesson> lessons, Consumer<String> line)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(root.resolve(PROGRAM).toString()));
    arguments.addAll(task);
    arguments.addAll(List.of("--kernel", Jupyter.KERNEL_NAME));
    lessons.forEach(lesson -> arguments.add(lesson.notebook().toString()));
    Path log = root.resolve(LOG);
    ProcessBuilder builder = jupyter.command(home(), arguments).redirectError(log.toFile());
    int[] lines = {0};
    try (Child child = Child.start(builder);
        BufferedReader reader = child.process().inputReader()) {
      reader
          .lines()
          .forEach(text -> {
            lines[0]++;
            line.accept(text);
          });
      int status = child.waitFor();
      if (status > 1 || status < 0 || (status == 1 && lines[0] == 0)) {
        throw new LabException("The lessons could not be run:\n" + end(log));
      }
      return status == 0;
    }
  }

  /**
   * Starts Jupyter on the folder of a lesson.
   *
   * @param lesson what to show first
   * @param port where to listen; 0 for the first free one from 8888 on
   */
  public JupyterServer open(Lesson lesson, int port) throws IOException {
    return JupyterServer.start(jupyter, home(), lesson, port);
  }

  private Path home() {
    return root.resolve("build/lab/jupyter");
  }

  /** The last lines of a log. */
  static String end(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }
}
