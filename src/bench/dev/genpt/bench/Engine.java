package dev.genpt.bench;

/** Who does the work. */
public enum Engine {
  /** The generic page table. */
  NEW,

  /** The engine that Linux had before. */
  OLD,

  /** The best loop of the JVM over as many words; no page table at all. */
  LIMIT
}
