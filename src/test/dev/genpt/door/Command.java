package dev.genpt.door;

import dev.genpt.project.Checkout;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that ran and ended.
 *
 * @param line the command line
 * @param status its exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Command(String line, int status, String out, String err) {
  /** No command of these tests takes as long on any machine; a hang ends here. */
  private static final long MINUTES = 10;

  /**
   * Runs the project's wrapper without standard input, in {@code folder}.
   *
   * @param environment variables to set
   */
  static Command wrapper(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    String name = File.separatorChar == '/' ? "jbang" : "jbang.cmd";
    List<String> command = new ArrayList<>(List.of(Checkout.root().resolve(name).toString()));
    command.addAll(List.of(arguments));
    return run(folder, environment, command);
  }

  /** Runs a command without standard input, in {@code folder}. */
  static Command run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("genpt", ".out");
    Path err = Files.createTempFile("genpt", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      return new Command(String.join(" ", command), process.exitValue(), text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** All of it, for the message of an assertion. */
  @Override
  public String toString() {
    return line + "\nstatus " + status + "\nstandard output:\n" + out + "\nstandard error:\n" + err;
  }
}
