package dev.genpt.lab;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lessons may use: this program's own class path, on which JBang has put the engine, the
 * shared library and their dependencies.
 */
final class LessonClassPath {
  private LessonClassPath() {}

  /**
   * The class path, with this program's own jar copied into a folder: JBang's cache drops a jar
   * when a source changes, and kernels still run on it.
   */
  static List<Path> keptIn(Path folder) throws IOException {
    Path own = own();
    Path kept = folder.resolve("genpt.jar");
    copy(own, kept);
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .map(entry -> entry.equals(own) ? kept : entry)
        .toList();
  }

  private static Path own() {
    try {
      URI location =
          LessonClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(location);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("No path of a file", e);
    }
  }

  /** Puts the copy in place in one step: a running kernel keeps the old file. */
  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to) && Files.mismatch(from, to) < 0) {
      return;
    }
    Files.createDirectories(to.resolveSibling(""));
    Path part = Files.createTempFile(to.resolveSibling(""), "genpt", ".part");
    Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING);
    Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
  }
}
