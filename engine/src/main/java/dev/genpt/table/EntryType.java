package dev.genpt.table;

/** What one item of a table says. */
public enum EntryType {
  /** Nothing is mapped here; no effect on translation. */
  EMPTY,
  /** A pointer to a table of the next lower level. */
  TABLE,
  /** The end of the walk: an output address. */
  LEAF
}
