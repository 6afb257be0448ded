package dev.genpt.iommu;

import dev.genpt.table.IotlbGather;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The walks of one domain, kept from one call to the next so that operations allocate nothing.
 *
 * <p>Threads: a thread takes a set of walks out and gives it back; while it is out nobody else sees
 * it, so an operation inside a driver's callback simply gets another set. Each thread looks in a
 * place of its own, as far as there are enough.
 */
final class WalkPool {
  private static final int PLACES = 16;

  /** Slots between two places, so that two threads do not share a cache line. */
  private static final int SPACING = 32;

  private final IommuDomain domain;
  private final AtomicReferenceArray<Walks> places = new AtomicReferenceArray<>(PLACES * SPACING);

  WalkPool(IommuDomain domain) {
    this.domain = domain;
  }

  /** A map walk, an unmap walk and an empty gather. */
  static final class Walks {
    final MapWalk map;
    final UnmapWalk unmap;
    final IotlbGather gather = new IotlbGather();

    Walks(IommuDomain domain) {
      map = new MapWalk(domain);
      unmap = new UnmapWalk(domain);
    }
  }

  Walks take() {
    Walks walks = places.getAndSet(place(), null);
    return walks != null ? walks : new Walks(domain);
  }

  void giveBack(Walks walks) {
    places.setRelease(place(), walks);
  }

  private static int place() {
    return (int) (Thread.currentThread().threadId() % PLACES) * SPACING;
  }
}
