package dev.genpt.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Sets the lab up in a checkout: a Jupyter, and a Java kernel in it that knows the engine. */
public final class LabSetup {
  private static final String NO_PYTHON =
      "The lab needs Python 3.10 or newer on the PATH, and there is none (Debian: apt-get install"
          + " python3 python3-venv).";
  private static final String NO_JUPYTER =
      " Nor is there a Jupyter on the PATH to use instead: mend the one, or install the other"
          + " (Debian: apt-get install jupyter-notebook).";

  private final Path root;
  private final String searchPath;

  /**
   * The setup of a checkout.
   *
   * @param root the checkout
   * @param searchPath where programs are looked for, like {@code PATH}
   */
  public LabSetup(Path root, String searchPath) {
    this.root = root;
    this.searchPath = searchPath;
  }

  /**
   * Sets it up, as far as it is not.
   *
   * @throws LabException if there is no Jupyter and none can be had
   */
  public LessonRunner prepare() throws IOException, InterruptedException {
    Jupyter jupyter = jupyter();
    List<Path> classPath = LessonClassPath.keptIn(root.resolve("build/lab"));
    KernelSpec spec = jupyter.spec(classPath);
    spec.write(jupyter.data().resolve("kernels").resolve(Jupyter.KERNEL_NAME));
    return new LessonRunner(root, jupyter, spec);
  }

  private Jupyter jupyter() throws IOException, InterruptedException {
    PrivateEnvironment environment = new PrivateEnvironment(root);
    if (environment.isReady()) {
      return environment.jupyter();
    }
    try {
      Optional<Python> python = Python.on(searchPath);
      environment.make(python.orElseThrow(() -> new LabException(NO_PYTHON)));
      return environment.jupyter();
    } catch (LabException problem) {
      Jupyter installed =
          new InstalledJupyter(root)
              .find(searchPath)
              .orElseThrow(() -> new LabException(problem.getMessage() + NO_JUPYTER));
      System.out.println(problem.getMessage());
      System.out.println("Using the Jupyter of " + installed.python() + " instead.");
      return installed;
    }
  }
}
