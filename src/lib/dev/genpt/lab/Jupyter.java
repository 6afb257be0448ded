package dev.genpt.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Jupyter that can run the lessons, and the Java kernel it runs them with.
 *
 * @param python the Python that Jupyter is installed in
 * @param server what shows notebooks in a browser
 * @param data the data folder of Jupyter that holds the lab's kernel
 * @param kernel the kind of kernel
 * @param kernelJar the kernel's program
 */
record Jupyter(Path python, NotebookServer server, Path data, JavaKernel kernel, Path kernelJar) {
  /**
   * The kernel's name, the one that JJava and IJava have and that the notebooks ask for: they open
   * in any Jupyter with a Java kernel, and in the lab with the lab's own.
   */
  static final String KERNEL_NAME = "java";

  /** The kernel's spec. */
  KernelSpec spec(List<Path> classPath) {
    return new KernelSpec(kernel, kernelJar, Path.of(System.getProperty("java.home")), classPath);
  }

  /**
   * A command of this Python, whose Jupyter keeps its files in the folder {@code home} and finds no
   * other kernels than the lab's.
   */
  ProcessBuilder command(Path home, List<String> arguments) {
    List<String> command = Stream.concat(Stream.of(python.toString()), arguments.stream()).toList();
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("JUPYTER_PATH", data.toString());
    environment.put("JUPYTER_CONFIG_DIR", home.resolve("config").toString());
    environment.put("JUPYTER_DATA_DIR", home.resolve("data").toString());
    environment.put("JUPYTER_RUNTIME_DIR", home.resolve("runtime").toString());
    environment.put("JUPYTER_PLATFORM_DIRS", "1");
    environment.put("IPYTHONDIR", home.resolve("ipython").toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    environment.put("PYTHONUTF8", "1");
    environment.put("PYTHONWARNINGS", "ignore");
    return builder;
  }
}
