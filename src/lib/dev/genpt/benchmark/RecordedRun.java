package dev.genpt.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The measurements of one file.
 *
 * <p>Threads: immutable.
 *
 * @param rows in the order of the file
 */
public record RecordedRun(List<Measurement> rows) {
  /** Keeps a copy of the rows. */
  public RecordedRun {
    rows = List.copyOf(rows);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it can't be read
   * @throws IllegalArgumentException for a file without rows, another header or a bad row, with
   *     file and line
   */
  public static RecordedRun read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().equals(Measurement.HEADER)) {
      throw new IllegalArgumentException(
          "%s: the first line must be %s".formatted(file, Measurement.HEADER));
    }
    List<Measurement> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      try {
        rows.add(Measurement.parse(lines.get(i)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s, line %d: %s".formatted(file, i + 1, e.getMessage()), e);
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("%s: no rows".formatted(file));
    }
    return new RecordedRun(rows);
  }

  /** Writes a file anew. */
  public void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of(Measurement.HEADER));
    rows.forEach(row -> lines.add(row.toRow()));
    Files.write(file, lines);
  }

  /** The rows that {@code wanted} takes. */
  public List<Measurement> where(Predicate<Measurement> wanted) {
    return rows.stream().filter(wanted).toList();
  }

  /** The first row that {@code wanted} takes. */
  public Optional<Measurement> find(Predicate<Measurement> wanted) {
    return rows.stream().filter(wanted).findFirst();
  }
}
