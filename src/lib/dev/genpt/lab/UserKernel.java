package dev.genpt.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lab's kernel in the Jupyter of the user: the one thing that the lab puts outside the
 * checkout.
 */
public final class UserKernel {
  /** Not the name in the lab, which a kernel of the user's own may have. */
  private static final String NAME = "genpt";

  private final Path folder;

  /**
   * The kernel in the data folder that Jupyter documents for the system.
   *
   * @param environment the environment variables
   * @param system the name of the operating system
   * @param home the user's home folder
   */
  public UserKernel(Map<String, String> environment, String system, Path home) {
    this.folder = data(environment, system, home).resolve("kernels").resolve(NAME);
  }

  private static Path data(Map<String, String> environment, String system, Path home) {
    @Nullable String named = environment.get("JUPYTER_DATA_DIR");
    if (named != null) {
      return Path.of(named);
    }
    if (system.startsWith("Mac")) {
      return home.resolve("Library/Jupyter");
    }
    if (system.startsWith("Windows")) {
      return in(environment, "APPDATA", home.resolve("AppData/Roaming"));
    }
    return in(environment, "XDG_DATA_HOME", home.resolve(".local/share"));
  }

  private static Path in(Map<String, String> environment, String variable, Path otherwise) {
    return Optional.ofNullable(environment.get(variable))
        .map(Path::of)
        .orElse(otherwise)
        .resolve("jupyter");
  }

  /** Its folder. */
  public Path folder() {
    return folder;
  }

  /** Puts the kernel there: its spec and its program. */
  public void install(KernelSpec spec) throws IOException {
    Files.createDirectories(folder);
    Path jar = folder.resolve("kernel.jar");
    Files.copy(spec.jar(), jar, StandardCopyOption.REPLACE_EXISTING);
    new KernelSpec(spec.kernel(), jar, spec.jdk(), spec.classPath()).write(folder);
  }

  /**
   * Takes the kernel away.
   *
   * @return whether it was there
   */
  public boolean uninstall() throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
    return true;
  }
}
