package dev.genpt.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The Java kernels for Jupyter that the lab starts. */
public enum JavaKernel {
  /** JJava, the maintained continuation of IJava; from PyPI. */
  JJAVA("JJava", "JJAVA_CLASSPATH", System.getProperty("path.separator")),
  /** rapaio-jupyter-kernel; from Maven Central. */
  RAPAIO("rapaio-jupyter-kernel", "RJK_CLASSPATH", ";");

  private final String title;
  private final String classPathVariable;
  private final String separator;

  JavaKernel(String title, String classPathVariable, String separator) {
    this.title = title;
    this.classPathVariable = classPathVariable;
    this.separator = separator;
  }

  /** The environment variable that gives cells their class path. */
  String classPathVariable() {
    return classPathVariable;
  }

  /** The value of that variable. */
  String join(List<Path> classPath) {
    return classPath.stream().map(Path::toString).collect(Collectors.joining(separator));
  }

  /** Its name. */
  @Override
  public String toString() {
    return title;
  }
}
