package dev.genpt.vectors;

import java.util.ArrayList;
import java.util.List;

/** A stretch of addresses: the first, and how many bytes. */
record Extent(long start, long length) {
  /**
   * The form in which reports are recorded: those of length zero left out, and one that starts
   * where the last one ended merged with it.
   */
  static List<Extent> merged(List<Extent> reports) {
    List<Extent> merged = new ArrayList<>();
    for (Extent report : reports) {
      if (report.length == 0) {
        continue;
      }
      if (!merged.isEmpty() && merged.getLast().end() == report.start) {
        Extent last = merged.removeLast();
        merged.add(new Extent(last.start, last.length + report.length));
      } else {
        merged.add(report);
      }
    }
    return merged;
  }

  /** The address after the last. */
  private long end() {
    return start + length;
  }

  @Override
  public String toString() {
    return "[%#x, +%#x]".formatted(start, length);
  }
}
