package dev.genpt.bench;

/** How the entries of a case come about. */
public enum Mode {
  /** By one call, at output addresses that let no entries merge. */
  DISCRETE,

  /** By one call, at output addresses that let entries merge where the format can. */
  CONTIGUOUS,

  /** By a call an entry, one after the other. */
  BATCHED,

  /** By one call on a fresh domain, whose root must grow by a level for it. */
  GROWTH,

  /** As {@link #DISCRETE}, on two threads at once: both on one domain, each on its own range. */
  TWO_THREADS,

  /** No case of its own: what two threads do one at a time, measured in turn with both at once. */
  IN_TURNS
}
