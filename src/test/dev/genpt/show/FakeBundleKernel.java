package dev.genpt.show;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kernel object of the shape that IJava and JJava have. Public, as theirs are. */
public final class FakeBundleKernel {
  /** What was sent: MIME type, blank, content. */
  static final List<String> SENT = new ArrayList<>();

  static @Nullable FakeBundleKernel instance = new FakeBundleKernel();

  /** As IJava names it. */
  public static @Nullable FakeBundleKernel getKernelInstance() {
    return instance;
  }

  /** Sends a bundle. */
  public void display(Bundle bundle) {
    SENT.addAll(bundle.contents);
  }

  /** Contents by MIME type. */
  public static final class Bundle {
    private final List<String> contents = new ArrayList<>();

    /** Adds one. */
    public void putData(Type type, Object content) {
      contents.add(type.name + " " + content);
    }

    /** Adds one with what to know about it. */
    public void putData(Type type, Object content, Object about) {
      throw new UnsupportedOperationException(about.toString());
    }
  }

  /**
   * A MIME type.
   *
   * @param name such as {@code text/html}
   */
  public record Type(String name) {
    /** The type of that name. */
    public static Type parse(String name) {
      if (!name.contains("/")) {
        throw new IllegalArgumentException(name);
      }
      return new Type(name);
    }
  }
}
