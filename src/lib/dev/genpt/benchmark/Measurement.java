package dev.genpt.benchmark;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/**
 * One row of a recorded run: the time that one engine took for one operation on {@code count}
 * entries.
 *
 * <p>Threads: immutable.
 *
 * @param format name of the format
 * @param engine {@code new}, {@code old} or {@code limit}
 * @param operation {@code map}, {@code unmap}, {@code iova_to_phys} or {@code read_dirty}
 * @param pageSizeLg2 bytes of an entry, lg2
 * @param count entries that the time is for
 * @param mode {@code discrete}: one call, entries that can't merge; {@code contiguous}: one call,
 *     entries that merge; {@code batched}: a call an entry; {@code growth}: one call that makes the
 *     root grow; {@code two_threads}: as discrete, two threads at once; {@code in_turns}: as
 *     two_threads, one at a time
 * @param state {@code alone} or {@code loaded}: what else the JVM had warmed
 * @param averageNs mean, nanoseconds
 * @param leastNs minimum, nanoseconds
 * @param medianNs half of the samples don't exceed it, nanoseconds
 * @param p99Ns 99 of 100 samples don't exceed it, nanoseconds
 * @param jvm name and version of the JVM
 * @param cpu model, cores and operating system
 * @param date day of the run
 */
public record Measurement(
    String format,
    String engine,
    String operation,
    int pageSizeLg2,
    int count,
    String mode,
    String state,
    double averageNs,
    double leastNs,
    double medianNs,
    double p99Ns,
    String jvm,
    String cpu,
    LocalDate date) {
  /** First line of a file. */
  public static final String HEADER =
      "format,engine,operation,page_size_lg2,count,mode,state,avg_ns,min_ns,p50_ns,p99_ns,jvm,cpu,date";

  private static final List<String> ENGINES = List.of("new", "old", "limit");
  private static final List<String> OPERATIONS =
      List.of("map", "unmap", "iova_to_phys", "read_dirty");
  private static final List<String> MODES =
      List.of("discrete", "contiguous", "batched", "growth", "two_threads", "in_turns");
  private static final List<String> STATES = List.of("alone", "loaded");

  /**
   * Checks the words.
   *
   * @throws IllegalArgumentException that names the word and those there are
   */
  public Measurement {
    check("engine", engine, ENGINES);
    check("operation", operation, OPERATIONS);
    check("mode", mode, MODES);
    check("state", state, STATES);
  }

  private static void check(String column, String word, List<String> words) {
    if (!words.contains(word)) {
      throw new IllegalArgumentException(
          "%s \"%s\": there is %s".formatted(column, word, String.join(", ", words)));
    }
  }

  /** Whether the case is one of upstream's benchmark: a call at a time, alone in its process. */
  boolean isPlain() {
    return mode.equals("discrete") && state.equals("alone");
  }

  /** Whether the other row tells the same but for the engine, as one run measures them in turns. */
  boolean isSameCaseAs(Measurement other) {
    return format.equals(other.format)
        && operation.equals(other.operation)
        && pageSizeLg2 == other.pageSizeLg2
        && count == other.count
        && mode.equals(other.mode)
        && state.equals(other.state);
  }

  /** Whether the other row tells the same of the same engine. */
  boolean isSameSubjectAs(Measurement other) {
    return engine.equals(other.engine) && isSameCaseAs(other);
  }

  /** The row as a line of the file; commas within a text become semicolons. */
  public String toRow() {
    return "%s,%s,%s,%d,%d,%s,%s,%s,%s,%s,%s,%s,%s,%s"
        .formatted(
            format,
            engine,
            operation,
            pageSizeLg2,
            count,
            mode,
            state,
            time(averageNs),
            time(leastNs),
            time(medianNs),
            time(p99Ns),
            jvm.replace(',', ';'),
            cpu.replace(',', ';'),
            date);
  }

  private static String time(double nanoseconds) {
    return String.format(Locale.ROOT, "%.2f", nanoseconds);
  }

  /**
   * The measurement of a line.
   *
   * @throws IllegalArgumentException that names what is wrong in it
   */
  public static Measurement parse(String row) {
    return of(CsvRow.of(HEADER, row));
  }

  static Measurement of(CsvRow row) {
    return new Measurement(
        row.text("format"),
        row.text("engine"),
        row.text("operation"),
        row.whole("page_size_lg2"),
        row.whole("count"),
        row.text("mode"),
        row.text("state"),
        row.time("avg_ns"),
        row.time("min_ns"),
        row.time("p50_ns"),
        row.time("p99_ns"),
        row.text("jvm"),
        row.text("cpu"),
        row.parsed("date", "a date such as 2026-01-31", LocalDate::parse));
  }
}
