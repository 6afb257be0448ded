package dev.genpt.show;

import java.lang.reflect.Method;
import java.util.Optional;

/**
 * rapaio-jupyter-kernel: a static method takes the MIME type and the content.
 *
 * @param display that method
 */
record RapaioKernel(Method display) implements Kernel {
  /**
   * @param statics the class that has the method
   */
  static Optional<RapaioKernel> find(String statics) {
    try {
      return Optional.of(
          new RapaioKernel(
              Class.forName(statics).getMethod("display", String.class, Object.class)));
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  @Override
  public String name() {
    return "rapaio";
  }

  @Override
  public void display(String mimeType, String data) {
    try {
      display.invoke(null, mimeType, data);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("rapaio does not take " + mimeType, e);
    }
  }
}
