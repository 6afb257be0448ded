package dev.genpt.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genpt.cli.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A running Jupyter that shows a folder of lessons. */
public final class JupyterServer implements AutoCloseable {
  private static final long POLL_MILLISECONDS = 100;

  private final Jupyter jupyter;
  private final Path home;
  private final Lesson lesson;
  private final Instant start = Instant.now();
  private final Child child;

  private JupyterServer(Jupyter jupyter, Path home, Lesson lesson, int port) throws IOException {
    this.jupyter = jupyter;
    this.home = home;
    this.lesson = lesson;
    this.child =
        Child.start(
            jupyter
                .command(home, arguments(jupyter, lesson, port))
                .directory(lesson.notebook().resolveSibling("").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(home).toFile()));
  }

  /** Starts it on the folder of a lesson, which it will show first. */
  static JupyterServer start(Jupyter jupyter, Path home, Lesson lesson, int port)
      throws IOException {
    Files.createDirectories(home);
    return new JupyterServer(jupyter, home, lesson, port);
  }

  private static Path log(Path home) {
    return home.resolve("server.log");
  }

  private static List<String> arguments(Jupyter jupyter, Lesson lesson, int port) {
    List<String> arguments =
        new ArrayList<>(List.of("-m", jupyter.server().module(), lesson.notebook().toString()));
    // Root may run it too (in a container), and Ctrl-C ends it without a question.
    arguments.addAll(List.of("--allow-root", "-y", "--no-browser"));
    arguments.add("--KernelSpecManager.ensure_native_kernel=False");
    arguments.add("--KernelSpecManager.allowed_kernelspecs=" + Jupyter.KERNEL_NAME);
    arguments.add("--MultiKernelManager.default_kernel_name=" + Jupyter.KERNEL_NAME);
    arguments.addAll(jupyter.server().options());
    if (port > 0) {
      arguments.add("--port=" + port);
    }
    return arguments;
  }

  /** What a running server says of itself, in a file named after its process. */
  private Optional<JsonNode> running() throws IOException {
    Process process = child.process();
    List<ProcessHandle> family =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    for (ProcessHandle member : family) {
      for (String kind : List.of("jpserver-", "nbserver-")) {
        Path file = home.resolve("runtime").resolve(kind + member.pid() + ".json");
        if (Files.exists(file) && !Files.getLastModifiedTime(file).toInstant().isBefore(start)) {
          JsonNode said = new ObjectMapper().readTree(file.toFile());
          return said.hasNonNull("url") ? Optional.of(said) : Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The lesson's address for a browser, with the token that lets its reader in; returns when the
   * server answers.
   *
   * @throws LabException if it did not start
   */
  public String address() throws IOException, InterruptedException {
    while (true) {
      Optional<JsonNode> running = running();
      if (running.isPresent()) {
        return running.get().path("url").asText()
            + jupyter.server().page()
            + lesson.name()
            + ".ipynb?token="
            + running.get().path("token").asText();
      }
      if (child.process().waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        child.waitFor();
        throw new LabException("Jupyter did not start:\n" + LessonRunner.end(log(home)));
      }
    }
  }

  /** Shows the lesson in the user's browser, if there is one. */
  public void browse() throws IOException, InterruptedException {
    jupyter
        .command(home, List.of("-m", "webbrowser", address()))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Returns when Jupyter has ended. */
  public void await() throws InterruptedException {
    child.waitFor();
  }

  @Override
  public void close() {
    child.close();
  }
}
