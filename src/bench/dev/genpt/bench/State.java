package dev.genpt.bench;

/** What else the JVM has loaded and warmed before it measures. */
public enum State {
  /** Nothing: one case of one format, on each engine in turn. */
  ALONE,

  /** All formats and engines, as in a notebook that has run for a while. */
  LOADED
}
