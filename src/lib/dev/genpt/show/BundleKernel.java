package dev.genpt.show;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * IJava, and JJava, its continuation: an output is a bundle of contents by MIME type, which the
 * kernel object sends.
 *
 * @param name the kernel's name
 * @param kernel the kernel object
 * @param display its method that takes a bundle
 * @param put the bundle's method that takes a MIME type and a content
 */
record BundleKernel(String name, Object kernel, Method display, Method put) implements Kernel {
  /**
   * @param statics the class that knows the kernel object
   * @param getter its static method that answers it
   */
  static Optional<BundleKernel> find(String name, String statics, String getter) {
    try {
      @Nullable Object kernel = Class.forName(statics).getMethod(getter).invoke(null);
      return kernel == null ? Optional.empty() : of(name, kernel);
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  private static Optional<BundleKernel> of(String name, Object kernel) {
    return method(kernel.getClass(), "display", 1)
        .flatMap(display ->
            method(display.getParameterTypes()[0], "putData", 2)
                .map(put -> new BundleKernel(name, kernel, display, put)));
  }

  private static Optional<Method> method(Class<?> type, String name, int parameters) {
    return Stream.of(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> method.getParameterCount() == parameters)
        .findFirst();
  }

  @Override
  public void display(String mimeType, String data) {
    try {
      Class<?> type = put.getParameterTypes()[0];
      Object bundle = put.getDeclaringClass().getConstructor().newInstance();
      put.invoke(bundle, type.getMethod("parse", String.class).invoke(null, mimeType), data);
      display.invoke(kernel, bundle);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(name + " does not take " + mimeType, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " is a version that can't show " + mimeType, e);
    }
  }
}
