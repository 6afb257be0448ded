package dev.genpt.bench;

/**
 * The calls of one {@link Layout} on one engine, each method all of them. Threads: one; several
 * subjects may share a domain.
 */
public interface Subject {
  /** Maps; nothing of it may be mapped. */
  void map();

  /** Unmaps and invalidates; all of it must be mapped. */
  void unmap();

  /** Translates an address in each call's range; something made of the answers. */
  long translate();

  /** Marks every entry as written. */
  void makeDirty();

  /** Reads and clears dirty bits; how many entries were dirty. */
  long readDirty();
}
