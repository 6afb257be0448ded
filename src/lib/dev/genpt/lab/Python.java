package dev.genpt.lab;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Python interpreter.
 *
 * @param program the executable file
 */
record Python(Path program) {
  private static final List<String> NAMES =
      File.separatorChar == '/' ? List.of("python3", "python") : List.of("python.exe");

  /** The first Python 3.10 or newer on a search path like {@code PATH}. */
  static Optional<Python> on(String path) throws IOException, InterruptedException {
    for (Path folder : folders(path)) {
      Optional<Python> python = in(folder);
      if (python.isPresent()
          && python.get().ask("import sys; print(sys.version_info >= (3, 10))").equals("True")) {
        return python;
      }
    }
    return Optional.empty();
  }

  /** The Python in a folder of programs. */
  static Optional<Python> in(Path folder) {
    return NAMES.stream()
        .map(folder::resolve)
        .filter(Files::isExecutable)
        .map(Python::new)
        .findFirst();
  }

  /** The folders of a search path. */
  static List<Path> folders(String path) {
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .toList();
  }

  /** What a line of Python prints; an empty text if it fails. */
  String ask(String line) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), "-c", line)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return process.waitFor() == 0 ? answer : "";
  }
}
