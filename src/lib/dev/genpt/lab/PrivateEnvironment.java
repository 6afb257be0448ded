package dev.genpt.lab;

import dev.genpt.cli.Child;
import dev.genpt.cli.Progress;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The checkout's own Python environment, {@code .venv}, with the packages that {@code
 * notebooks/requirements.txt} pins: JupyterLab, the kernel JJava, and what runs lessons.
 */
final class PrivateEnvironment {
  private static final String REQUIREMENTS = "notebooks/requirements.txt";
  private static final String LOG = "build/lab/pip.log";

  /** A lesson needs no news of Jupyter, nor the question whether they are wanted. */
  private static final String SETTINGS =
      """
      {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}
      """;

  /** What pip says that tells how far it is. */
  private static final Pattern STEP = Pattern.compile("Collecting|Installing");

  private final Path root;
  private final Path folder;
  private final Path complete;
  private final Path interrupted;
  private final Path settings;

  /** The environment of a checkout. */
  PrivateEnvironment(Path root) {
    this.root = root;
    this.folder = root.resolve(".venv");
    this.complete = folder.resolve("genpt-requirements.txt");
    this.interrupted = folder.resolve("genpt-interrupted");
    this.settings = folder.resolve("share/jupyter/lab/settings/overrides.json");
  }

  /** Whether it is there, with just the packages that are pinned now. */
  boolean isReady() throws IOException {
    return Files.exists(complete)
        && Files.mismatch(complete, root.resolve(REQUIREMENTS)) < 0
        && Python.in(programs()).isPresent();
  }

  /**
   * Makes it, or installs in it what is pinned now.
   *
   * @param python the Python to make it with
   * @throws LabException if Python has no {@code venv} or the packages can't be had
   */
  void make(Python python) throws IOException, InterruptedException {
    System.out.println(
        "Making a private Python environment in .venv: this once, it takes about a minute");
    Files.deleteIfExists(complete);
    if (Files.exists(interrupted) || Python.in(programs()).isEmpty()) {
      run(
          List.of(python.program().toString(), "-m", "venv", "--clear", folder.toString()),
          "This Python can't make a virtual environment, its venv module is missing (Debian: apt-get"
              + " install python3-venv).");
    }
    System.out.println(
        "Installing JupyterLab and a Java kernel in it with pip, as " + REQUIREMENTS + " says");
    Files.writeString(interrupted, "");
    try {
      run(pip(), "pip can't install JupyterLab: is PyPI out of reach?");
    } finally {
      Files.delete(interrupted);
    }
    Files.createDirectories(settings.resolveSibling(""));
    Files.writeString(settings, SETTINGS);
    Files.copy(root.resolve(REQUIREMENTS), complete);
  }

  private List<String> pip() {
    return List.of(
        python().program().toString(),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--retries=2",
        "--progress-bar=off",
        "--requirement",
        root.resolve(REQUIREMENTS).toString());
  }

  private void run(List<String> command, String failure) throws IOException, InterruptedException {
    Path log = root.resolve(LOG);
    Files.createDirectories(log.resolveSibling(""));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    try (Child child = Child.start(builder);
        BufferedReader lines = child.process().inputReader();
        PrintWriter copy = new PrintWriter(Files.newBufferedWriter(log));
        Progress progress = Progress.of("pip", -1)) {
      lines
          .lines()
          .forEach(line -> {
            copy.println(line);
            if (Progress.onTerminal() && STEP.matcher(line).lookingAt()) {
              progress.step(line);
            }
          });
      if (child.waitFor() != 0) {
        throw new LabException(failure + " What it said is in " + LOG + ".");
      }
    }
  }

  private Path programs() {
    return folder.resolve(File.separatorChar == '/' ? "bin" : "Scripts");
  }

  private Python python() {
    return Python.in(programs())
        .orElseThrow(() -> new LabException("There is no Python in .venv: remove that folder."));
  }

  /** Its Jupyter, once it is ready. */
  Jupyter jupyter() {
    Path data = folder.resolve("share").resolve("jupyter");
    return new Jupyter(
        python().program(),
        NotebookServer.JUPYTERLAB,
        data,
        JavaKernel.JJAVA,
        data.resolve("kernels").resolve(Jupyter.KERNEL_NAME).resolve("jjava.jar"));
  }
}
