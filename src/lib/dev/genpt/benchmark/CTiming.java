package dev.genpt.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A time of Linux's own C code, built as a program: the median of several runs.
 *
 * <p>Threads: immutable.
 *
 * @param engine name of a format for the generic page table, {@code old_} before it for the engine
 *     that it replaced
 * @param operation such as {@code map}, {@code unmap_contig}, {@code map_batch256}, {@code
 *     map_1GiB_one}
 * @param pageSizeLg2 bytes of an entry, lg2
 * @param count entries that the time is for
 * @param averageNs median of the runs' means, nanoseconds
 * @param medianNs median of the runs' medians, nanoseconds
 * @param leastNs median of the runs' minima, nanoseconds
 * @param bestAverageNs least mean of a run, nanoseconds
 * @param worstAverageNs greatest mean of a run, nanoseconds
 */
public record CTiming(
    String engine,
    String operation,
    int pageSizeLg2,
    int count,
    double averageNs,
    double medianNs,
    double leastNs,
    double bestAverageNs,
    double worstAverageNs) {
  private static final String HEADER =
      "engine,op,pgsz_lg2,count,median_avg_ns,median_p50_ns,median_min_ns,best_avg_ns,worst_avg_ns";

  /**
   * Reads a file of them.
   *
   * @throws IOException if it can't be read
   * @throws IllegalArgumentException for another header or a bad row, with file and line
   */
  public static List<CTiming> read(Path file) throws IOException {
    return CsvRow.readAll(file, HEADER, CTiming::of);
  }

  private static CTiming of(CsvRow row) {
    return new CTiming(
        row.text("engine"),
        row.text("op"),
        row.whole("pgsz_lg2"),
        row.whole("count"),
        row.time("median_avg_ns"),
        row.time("median_p50_ns"),
        row.time("median_min_ns"),
        row.time("best_avg_ns"),
        row.time("worst_avg_ns"));
  }
}
