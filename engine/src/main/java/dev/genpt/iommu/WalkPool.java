package dev.genpt.iommu;

import dev.genpt.table.IotlbGather;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The walks of one domain, kept from one call to the next so that operations allocate nothing.
 *
 * <p>Threads: any. The first thread to look in a place has the set there for its own, and takes it
 * without an atomic instruction; threads whose place is another's share the sets beside. While a
 * set is out nobody else sees it, so an operation inside a driver's callback simply gets another
 * one.
 */
final class WalkPool {
  private static final int PLACES = 16;

  /** Slots between two places, so that two threads do not share a cache line. */
  private static final int SPACING = 32;

  private final IommuDomain domain;
  private final AtomicReferenceArray<Walks> owned = new AtomicReferenceArray<>(PLACES * SPACING);
  private final AtomicReferenceArray<Walks> shared = new AtomicReferenceArray<>(PLACES * SPACING);

  WalkPool(IommuDomain domain) {
    this.domain = domain;
  }

  /** A map walk, an unmap walk and an empty gather. */
  static final class Walks {
    final MapWalk map;
    final UnmapWalk unmap;
    final IotlbGather gather = new IotlbGather();
    private final long threadId;

    /** Of one with an owner: true while it is out. Only the owner reads and writes it. */
    private boolean isOut;

    private Walks(IommuDomain domain, long threadId) {
      map = new MapWalk(domain);
      unmap = new UnmapWalk(domain);
      this.threadId = threadId;
    }
  }

  Walks take() {
    long threadId = Thread.currentThread().threadId();
    Walks own = owned.getPlain(place(threadId));
    if (own != null && own.threadId == threadId && !own.isOut) {
      own.isOut = true;
      return own;
    }
    return own == null ? takePlace(threadId) : takeShared(threadId);
  }

  private Walks takePlace(long threadId) {
    Walks own = new Walks(domain, threadId);
    own.isOut = owned.compareAndSet(place(threadId), null, own);
    return own.isOut ? own : takeShared(threadId);
  }

  private Walks takeShared(long threadId) {
    Walks walks = shared.getAndSet(place(threadId), null);
    return walks != null ? walks : new Walks(domain, 0);
  }

  void giveBack(Walks walks) {
    if (walks.isOut) {
      walks.isOut = false;
    } else {
      shared.setRelease(place(Thread.currentThread().threadId()), walks);
    }
  }

  private static int place(long threadId) {
    return (int) (threadId % PLACES) * SPACING;
  }
}
