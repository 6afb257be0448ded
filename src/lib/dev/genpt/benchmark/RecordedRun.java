package dev.genpt.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
    return new RecordedRun(CsvRow.readAll(file, Measurement.HEADER, Measurement::of));
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

  /** The row of a case that was measured alone in its process. */
  Optional<Measurement> alone(
      String format, String engine, String operation, int pageSizeLg2, int count, String mode) {
    return find(row ->
        row.format().equals(format)
            && row.engine().equals(engine)
            && row.operation().equals(operation)
            && row.pageSizeLg2() == pageSizeLg2
            && row.count() == count
            && row.mode().equals(mode)
            && row.state().equals("alone"));
  }

  /** Names of the formats that have rows, in the order of the file. */
  public List<String> formats() {
    return rows.stream().map(Measurement::format).distinct().toList();
  }

  /**
   * Several runs as one: of the rows of a case and engine, the one whose median is in the middle,
   * and the lower of two.
   *
   * @param runs at least one
   */
  public static RecordedRun middleOf(List<RecordedRun> runs) {
    List<Measurement> all = runs.stream().flatMap(run -> run.rows.stream()).toList();
    List<Measurement> middle = new ArrayList<>();
    for (Measurement row : all) {
      if (middle.stream().noneMatch(row::isSameSubjectAs)) {
        List<Measurement> same =
            all.stream()
                .filter(row::isSameSubjectAs)
                .sorted(Comparator.comparingDouble(Measurement::medianNs))
                .toList();
        middle.add(same.get((same.size() - 1) / 2));
      }
    }
    return new RecordedRun(middle);
  }

  /** Processor, JVM and day of the rows, one line for each that differs. */
  public List<String> machines() {
    return rows.stream()
        .map(row -> "%s; %s; %s".formatted(row.cpu(), row.jvm(), row.date()))
        .distinct()
        .toList();
  }
}
