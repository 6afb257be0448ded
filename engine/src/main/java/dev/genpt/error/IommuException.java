package dev.genpt.error;

import java.io.Serial;

/**
 * A refused or failed request: the error number, the address it is about and how much was done
 * before.
 *
 * <p>The message names the value and the rule it broke. Immutable.
 */
public final class IommuException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final Errno errno;
  private final long iova;
  private final long bytesDone;
  private final String rule;

  /**
   * An error of a range operation.
   *
   * @param errno the error number
   * @param iova the input address that the error is about, 0 if none
   * @param bytesDone bytes that the operation had completed, counted from its first address
   * @param message a sentence with the value and the rule
   */
  public IommuException(Errno errno, long iova, long bytesDone, String message) {
    super(errno + ": " + message);
    this.errno = errno;
    this.iova = iova;
    this.bytesDone = bytesDone;
    rule = message;
  }

  /** An error before anything was done. */
  public IommuException(Errno errno, String message) {
    this(errno, 0, 0, message);
  }

  /** The same error, caught and completed by the operation that knows how far it came. */
  public IommuException withBytesDone(long done) {
    var completed = new IommuException(errno, iova, done, rule);
    completed.initCause(this);
    return completed;
  }

  /** The values and the rule they broke: the message without the error number. */
  public String rule() {
    return rule;
  }

  /** The error number. */
  public Errno errno() {
    return errno;
  }

  /** The input address that the error is about; 0 if none. */
  public long iova() {
    return iova;
  }

  /** Bytes done before the error, counted from the operation's first address. */
  public long bytesDone() {
    return bytesDone;
  }
}
