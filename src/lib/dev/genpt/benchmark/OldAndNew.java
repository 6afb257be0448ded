package dev.genpt.benchmark;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One case of upstream's benchmark: the time of one call on the generic page table and on the
 * engine before it.
 *
 * <p>Threads: immutable.
 *
 * @param format name of the format
 * @param operation {@code map} or {@code unmap}
 * @param pageSizeLg2 bytes of an entry, lg2
 * @param count entries of the call
 * @param averageNew mean of the new engine, nanoseconds
 * @param averageOld mean of the old engine, nanoseconds
 * @param leastNew minimum of the new engine, nanoseconds
 * @param leastOld minimum of the old engine, nanoseconds
 */
public record OldAndNew(
    String format,
    String operation,
    int pageSizeLg2,
    int count,
    double averageNew,
    double averageOld,
    double leastNew,
    double leastOld) {

  /**
   * Upstream's cases in a run, in its order: one entry of every size, then 256 entries, of those
   * that both engines have. A format is alone in its process there, and so here.
   */
  public static List<OldAndNew> of(RecordedRun run, String format, String operation) {
    return Stream.of(1, 256)
        .flatMap(count ->
            run
                .where(row ->
                    row.format().equals(format)
                        && row.operation().equals(operation)
                        && row.count() == count
                        && row.engine().equals("new")
                        && row.isPlain())
                .stream()
                .sorted(Comparator.comparingInt(Measurement::pageSizeLg2)))
        .flatMap(row -> of(run, row).stream())
        .toList();
  }

  private static Optional<OldAndNew> of(RecordedRun run, Measurement row) {
    return run.find(other -> other.engine().equals("old") && other.isSameCaseAs(row))
        .map(old ->
            new OldAndNew(
                row.format(),
                row.operation(),
                row.pageSizeLg2(),
                row.count(),
                row.averageNs(),
                old.averageNs(),
                row.leastNs(),
                old.leastNs()));
  }

  /** Whether the other is of the same format, operation, size and number. */
  boolean isSameCaseAs(OldAndNew other) {
    return format.equals(other.format)
        && operation.equals(other.operation)
        && pageSizeLg2 == other.pageSizeLg2
        && count == other.count;
  }

  /** The case in upstream's words: {@code 2^12}, or {@code 256*2^12}. */
  public String label() {
    return label(pageSizeLg2, count);
  }

  /** The label of so many entries of a size. */
  static String label(int pageSizeLg2, int count) {
    return (count == 1 ? "" : count + "*") + "2^" + pageSizeLg2;
  }

  /** How many times the new engine's least time goes into the old one's. */
  public double ratio() {
    return leastOld / leastNew;
  }

  /** By how many percent the least time has become less; below 0 if it has become more. */
  public double exactPercent() {
    return (leastOld - leastNew) * 100 / leastOld;
  }

  /**
   * The percent column in upstream's form. Upstream divides whole nanoseconds, which leaves a whole
   * number of percent, q; what it prints after the point is the last two digits of q again.
   */
  public String printedPercent() {
    long old = wholeNanoseconds(leastOld);
    long percent = (old - wholeNanoseconds(leastNew)) * 100 / old;
    return "%d.%02d".formatted(percent, Math.abs(percent) % 100);
  }

  /** A time as upstream's clock has it; at least 1, which the percent column divides by. */
  static long wholeNanoseconds(double nanoseconds) {
    return Math.max(1, Math.round(nanoseconds));
  }
}
