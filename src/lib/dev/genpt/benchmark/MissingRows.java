package dev.genpt.benchmark;

/** Says which rows a chart needs that a run doesn't have. */
public final class MissingRows extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingRows(String what) {
    super("there are no rows of " + what);
  }
}
