package dev.genpt.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

  private final Child child;
  private final String address;

  private JupyterServer(Child child, String address) {
    this.child = child;
    this.address = address;
  }

  /** Starts it on the folder of a lesson, which it shows first; returns when it answers. */
  static JupyterServer start(Jupyter jupyter, Path home, Lesson lesson, boolean browser, int port)
      throws IOException, InterruptedException {
    Files.createDirectories(home);
    Path log = home.resolve("server.log");
    Instant start = Instant.now();
    Child child =
        Child.start(
            jupyter
                .command(home, arguments(jupyter, lesson, browser, port))
                .directory(lesson.notebook().resolveSibling("").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
    while (true) {
      Optional<JsonNode> running = running(child.process(), home.resolve("runtime"), start);
      if (running.isPresent()) {
        return new JupyterServer(child, address(running.get(), jupyter, lesson));
      }
      if (child.process().waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        child.waitFor();
        throw new LabException("Jupyter did not start:\n" + LessonRunner.end(log));
      }
    }
  }

  private static List<String> arguments(Jupyter jupyter, Lesson lesson, boolean browser, int port) {
    List<String> arguments =
        new ArrayList<>(List.of("-m", jupyter.server().module(), lesson.notebook().toString()));
    // Root may run it too (in a container), and Ctrl-C ends it without a question.
    arguments.addAll(List.of("--allow-root", "-y"));
    arguments.add("--KernelSpecManager.ensure_native_kernel=False");
    arguments.add("--KernelSpecManager.allowed_kernelspecs=" + Jupyter.KERNEL_NAME);
    arguments.add("--MultiKernelManager.default_kernel_name=" + Jupyter.KERNEL_NAME);
    arguments.addAll(jupyter.server().options());
    if (!browser) {
      arguments.add("--no-browser");
    }
    if (port > 0) {
      arguments.add("--port=" + port);
    }
    return arguments;
  }

  /** What a running server says of itself, in a file named after its process. */
  private static Optional<JsonNode> running(Process process, Path runtime, Instant start)
      throws IOException {
    List<ProcessHandle> family =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    for (ProcessHandle member : family) {
      for (String kind : List.of("jpserver-", "nbserver-")) {
        Path file = runtime.resolve(kind + member.pid() + ".json");
        if (Files.exists(file) && !Files.getLastModifiedTime(file).toInstant().isBefore(start)) {
          JsonNode said = new ObjectMapper().readTree(file.toFile());
          return said.hasNonNull("url") ? Optional.of(said) : Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static String address(JsonNode running, Jupyter jupyter, Lesson lesson) {
    return running.path("url").asText()
        + jupyter.server().page()
        + lesson.name()
        + ".ipynb?token="
        + running.path("token").asText();
  }

  /** The lesson's address for a browser, with the token that lets its reader in. */
  public String address() {
    return address;
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
