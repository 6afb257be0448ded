package dev.genpt.legacy;

import dev.genpt.iommu.TableFlusher;

/**
 * What an old engine tells the hardware around it, by the names of its callbacks. Every method does
 * nothing unless it is overridden.
 *
 * <p>Called by the thread that runs the operation; an implementation for several threads must be
 * safe for them.
 */
public interface LegacyDriver extends TableFlusher {
  /** Hardware that needs to be told nothing. */
  LegacyDriver NONE = new LegacyDriver() {};

  /** Invalidates what {@code gather} holds, and waits; its tables are freed afterwards. */
  default void iotlbSync(LegacyGather gather) {}

  /**
   * Drops cached walks through a table that was just taken away (Arm).
   *
   * @param first first input address that the table stood for
   * @param last last one, inclusive
   * @param pageSize bytes of the engine's smallest page
   */
  default void flushWalk(long first, long last, long pageSize) {}

  /** Drops cached translations of {@code [first, last]} at once (AMD). */
  default void flushPages(long first, long last) {}

  /**
   * Drops cached translations at once (VT-d).
   *
   * @param start first input address
   * @param end first address of the last page
   */
  default void cacheTagFlush(long start, long end) {}

  /** The root was replaced by one of {@code topLevel} at physical address {@code root} (AMD v1). */
  default void changeTop(long root, int topLevel) {}

  /** Writes {@code bytes} of table memory back to where a walker that does not snoop sees it. */
  @Override
  default void flush(long pa, int bytes) {}
}
