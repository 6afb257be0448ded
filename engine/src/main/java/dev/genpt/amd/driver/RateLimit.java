package dev.genpt.amd.driver;

/**
 * Lets the first few messages of a while pass and counts the others.
 *
 * <p>Threads: any.
 */
final class RateLimit {
  private static final long WHILE_MICROSECONDS = 5_000_000;
  private static final int MOST = 10;

  private boolean begun;
  private long since;
  private int passed;
  private int suppressed;

  /**
   * What becomes of one message.
   *
   * @param passes true if it may be shown
   * @param missed how many were not, in the while that has ended now; 0 if it has not
   */
  record Verdict(boolean passes, int missed) {}

  synchronized Verdict next(long microseconds) {
    int missed = 0;
    if (!begun || microseconds - since >= WHILE_MICROSECONDS) {
      missed = suppressed;
      begun = true;
      since = microseconds;
      passed = 0;
      suppressed = 0;
    }
    boolean passes = passed < MOST;
    if (passes) {
      passed++;
    } else {
      suppressed++;
    }
    return new Verdict(passes, missed);
  }
}
