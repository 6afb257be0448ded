package dev.genpt.benchmark;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A run that nobody measured, with simple times: a call of the new engine takes 40 ns and 1 ns a
 * word, of the old one 50 ns a word, and the limit 1 ns a word.
 */
public final class SampleRun {
  private static final String JVM = "Some VM 25";
  private static final String CPU = "Some CPU; 2 cores; Linux";

  private SampleRun() {}

  /** Everything that charts need, of amdv1, and of riscv64, which has no old engine. */
  public static RecordedRun full() {
    List<Measurement> rows = new ArrayList<>();
    for (String operation : List.of("map", "unmap")) {
      for (String engine : List.of("new", "old", "limit")) {
        IntStream.rangeClosed(12, 21)
            .forEach(size -> rows.add(row("amdv1", engine, operation, size, 1, "discrete")));
        for (int count : List.of(256, 262_144)) {
          rows.add(row("amdv1", engine, operation, 12, count, "discrete"));
        }
        rows.add(row("amdv1", engine, operation, 21, 256, "discrete"));
        rows.add(row("amdv1", engine, operation, 12, 1, "batched"));
        rows.add(row("amdv1", engine, operation, 12, 256, "in_turns"));
        rows.add(row("amdv1", engine, operation, 12, 256, "two_threads"));
      }
      rows.add(row("riscv64", "new", operation, 12, 1, "discrete"));
      rows.add(row("riscv64", "new", operation, 12, 256, "discrete"));
    }
    return new RecordedRun(rows);
  }

  static Measurement row(
      String format, String engine, String operation, int sizeLg2, int count, String mode) {
    int words = count << (sizeLg2 - 12) % 9;
    double time =
        switch (engine) {
          case "new" -> 40 + words;
          case "old" -> 50.0 * words;
          default -> words;
        };
    return row(format, engine, operation, sizeLg2, count, mode, time);
  }

  static Measurement row(
      String format,
      String engine,
      String operation,
      int sizeLg2,
      int count,
      String mode,
      double time) {
    return new Measurement(
        format,
        engine,
        operation,
        sizeLg2,
        count,
        mode,
        "alone",
        time + 1,
        time,
        time,
        time + 2,
        JVM,
        CPU,
        LocalDate.of(2026, 1, 31));
  }
}
