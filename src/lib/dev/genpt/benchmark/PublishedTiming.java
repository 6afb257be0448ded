package dev.genpt.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A row of the tables that Linux's developers published with the generic page table.
 *
 * <p>Threads: immutable.
 *
 * @param source where it stands: the cover letter, or the message of the commit that added a format
 * @param times what was measured
 * @param printedPercent the percent column as it is printed there
 */
public record PublishedTiming(String source, OldAndNew times, String printedPercent) {
  private static final String HEADER =
      "source,format,operation,page_size_lg2,count,avg_new_ns,avg_old_ns,min_new_ns,min_old_ns,printed_percent";

  /**
   * Reads a file of them.
   *
   * @throws IOException if it can't be read
   * @throws IllegalArgumentException for another header or a bad row, with file and line
   */
  public static List<PublishedTiming> read(Path file) throws IOException {
    return CsvRow.readAll(file, HEADER, PublishedTiming::of);
  }

  private static PublishedTiming of(CsvRow row) {
    return new PublishedTiming(
        row.text("source"),
        new OldAndNew(
            row.text("format"),
            row.text("operation"),
            row.whole("page_size_lg2"),
            row.whole("count"),
            row.time("avg_new_ns"),
            row.time("avg_old_ns"),
            row.time("min_new_ns"),
            row.time("min_old_ns")),
        row.text("printed_percent"));
  }
}
