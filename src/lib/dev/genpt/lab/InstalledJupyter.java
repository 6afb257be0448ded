package dev.genpt.lab;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Jupyter that somebody has installed on the machine, with the kernel that Maven Central carries:
 * for where PyPI can't be reached.
 */
final class InstalledJupyter {
  private static final String KERNEL = "io.github.padreati:rapaio-jupyter-kernel:3.0.1";
  private static final List<String> COMMANDS =
      List.of("jupyter-lab", "jupyter-notebook", "jupyter");
  private static final Pattern INTERPRETER = Pattern.compile("#!\\s*(/\\S*python\\S*)");

  /** Prints the name of a server, if there is one and the modules that run notebooks too. */
  private static final String SERVER =
      """
      import nbclient, nbconvert, importlib.util as u
      print(next(s for s in ("JUPYTERLAB", "NOTEBOOK") if u.find_spec(s.lower())))
      """;

  private final Path root;

  InstalledJupyter(Path root) {
    this.root = root;
  }

  /** The first one on a search path like {@code PATH} that can run lessons. */
  Optional<Jupyter> find(String path) throws IOException, InterruptedException {
    for (Python python : candidates(path)) {
      String server = python.ask(SERVER);
      if (!server.isEmpty()) {
        Path data = root.resolve("build/lab/share/jupyter");
        return Optional.of(
            new Jupyter(
                python.program(),
                NotebookServer.valueOf(server),
                data,
                JavaKernel.RAPAIO,
                kernelJar()));
      }
    }
    return Optional.empty();
  }

  /** The Pythons of the Jupyter commands: beside them (conda), or in their first line (Debian). */
  static List<Python> candidates(String path) throws IOException {
    List<Python> all = new ArrayList<>();
    for (Path folder : Python.folders(path)) {
      for (String name : COMMANDS) {
        Path command = folder.resolve(File.separatorChar == '/' ? name : name + ".exe");
        if (Files.isExecutable(command)) {
          interpreter(command).ifPresent(all::add);
          Python.in(folder).ifPresent(all::add);
        }
      }
    }
    return all.stream().distinct().toList();
  }

  private static Optional<Python> interpreter(Path command) throws IOException {
    String start;
    try (var in = Files.newInputStream(command)) {
      start = new String(in.readNBytes(200), StandardCharsets.ISO_8859_1);
    }
    Matcher line = INTERPRETER.matcher(start);
    return line.lookingAt() ? Optional.of(new Python(Path.of(line.group(1)))) : Optional.empty();
  }

  /** The kernel, in Maven's cache; JBang fetches it once. */
  private Path kernelJar() throws IOException, InterruptedException {
    Path wrapper = root.resolve(File.separatorChar == '/' ? "jbang" : "jbang.cmd");
    Process process =
        new ProcessBuilder(wrapper.toString(), "info", "classpath", "--quiet", KERNEL)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String jar =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0 || jar.isEmpty()) {
      throw new LabException(
          "The Java kernel " + KERNEL + " can't be fetched: is Maven Central out of reach?");
    }
    return Path.of(jar);
  }
}
