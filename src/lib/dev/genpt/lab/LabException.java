package dev.genpt.lab;

/** The lab can't go on; the message tells its user why and what to do. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the sentences for the user. */
  public LabException(String message) {
    super(message);
  }
}
