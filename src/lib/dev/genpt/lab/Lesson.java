package dev.genpt.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A lesson: a notebook {@code NN-name.ipynb}.
 *
 * @param number its two digits
 * @param notebook the file
 */
public record Lesson(String number, Path notebook) implements Comparable<Lesson> {
  private static final Pattern NAME = Pattern.compile("(\\d\\d)-.*\\.ipynb");

  /** The lessons of a folder, by number. */
  public static List<Lesson> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.flatMap(Lesson::of).sorted().toList();
    }
  }

  private static Stream<Lesson> of(Path file) {
    Matcher name = NAME.matcher(file.getName(file.getNameCount() - 1).toString());
    return name.matches() ? Stream.of(new Lesson(name.group(1), file)) : Stream.empty();
  }

  /** The file's name without its ending. */
  public String name() {
    return notebook.getName(notebook.getNameCount() - 1).toString().replaceFirst("\\.ipynb$", "");
  }

  @Override
  public int compareTo(Lesson other) {
    return notebook.compareTo(other.notebook);
  }
}
