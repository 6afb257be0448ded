package dev.genpt.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** JupyterLab, or Jupyter Notebook where that is what there is, showing a folder of lessons. */
public final class JupyterServer implements AutoCloseable {
  private static final String LOG = "server.log";
  private static final long POLL_MILLISECONDS = 100;

  private final Child child;
  private final String address;

  private JupyterServer(Child child, String address) {
    this.child = child;
    this.address = address;
  }

  static JupyterServer start(Jupyter jupyter, Path home, Path folder, boolean browser, int port)
      throws IOException, InterruptedException {
    Files.createDirectories(home);
    Path log = home.resolve(LOG);
    ProcessBuilder builder =
        jupyter
            .command(home, arguments(jupyter, browser, port))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Child child = Child.start(builder);
    while (true) {
      Optional<String> address = address(child.process(), home.resolve("runtime"));
      if (address.isPresent()) {
        return new JupyterServer(child, address.get());
      }
      if (child.process().waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        child.waitFor();
        throw new LabException("Jupyter did not start:\n" + LessonRunner.end(log));
      }
    }
  }

  private static List<String> arguments(Jupyter jupyter, boolean browser, int port) {
    // Root may run it too (in a container), and Ctrl-C ends it without a question.
    List<String> arguments = new ArrayList<>(List.of("-m", jupyter.server(), "--allow-root", "-y"));
    arguments.add("--KernelSpecManager.ensure_native_kernel=False");
    arguments.add("--KernelSpecManager.allowed_kernelspecs=" + Jupyter.KERNEL_NAME);
    if (!browser) {
      arguments.add("--no-browser");
    }
    if (port > 0) {
      arguments.add("--port=" + port);
    }
    return arguments;
  }

  /** The address in the file that a running server leaves under its process id. */
  private static Optional<String> address(Process process, Path runtime) throws IOException {
    long[] ids =
        LongStream.concat(
                LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid))
            .toArray();
    for (long id : ids) {
      for (String kind : List.of("jpserver", "nbserver")) {
        Path file = runtime.resolve(kind + "-" + id + ".json");
        if (Files.exists(file) && Files.size(file) > 0) {
          JsonNode server = new ObjectMapper().readTree(file.toFile());
          return Optional.of(
              server.path("url").asText() + "?token=" + server.path("token").asText());
        }
      }
    }
    return Optional.empty();
  }

  /** The address to open in a browser, with the token that lets its reader in. */
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
