package dev.genpt.memory;

/**
 * Pages that are no longer part of a table but may still be read by hardware: a chain in the order
 * of retirement, kept in the allocator's own frame records, so that it costs no memory.
 *
 * <p>Filled by {@link PageAllocator#retire}, emptied by {@link PageAllocator#freeAll} or {@link
 * PageAllocator#restoreAll}. Not thread-safe: it belongs to one operation or one gather at a time.
 */
public final class PageList {
  int head = -1;
  int tail = -1;
  int count;

  /** An empty list. */
  public PageList() {}

  /** Number of blocks on the list. */
  public int size() {
    return count;
  }

  /** True if the list holds no block. */
  public boolean isEmpty() {
    return count == 0;
  }

  void clear() {
    head = -1;
    tail = -1;
    count = 0;
  }
}
