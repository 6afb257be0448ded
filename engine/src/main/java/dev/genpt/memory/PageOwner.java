package dev.genpt.memory;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whoever holds pages of a {@link PageAllocator}: an account with a name, for leak checks and for
 * freeing everything at once.
 *
 * <p>Made by {@link PageAllocator#newOwner}. The counts are exact when no allocation or free of
 * this owner is under way; any thread may read them.
 */
public final class PageOwner {
  private final String name;

  /**
   * First frame of the chain of blocks that this owner holds, -1 if none; guarded by the allocator.
   */
  int firstFrame = -1;

  final AtomicInteger liveBlocks = new AtomicInteger();
  final AtomicLong liveBytes = new AtomicLong();

  PageOwner(String name) {
    this.name = name;
  }

  /** The name given at {@link PageAllocator#newOwner}, for messages. */
  public String name() {
    return name;
  }

  /** Blocks held now: live ones and those that wait on a {@link PageList}. */
  public int liveBlocks() {
    return liveBlocks.get();
  }

  /** Bytes held now, each block counted with the size that was really given. */
  public long liveBytes() {
    return liveBytes.get();
  }

  @Override
  public String toString() {
    return name;
  }
}
