package dev.genpt.amd.hardware;

/**
 * The guest stage with the host stage below it: from an address of a PASID to a system physical
 * one, by what is remembered or by a walk.
 *
 * <p>Threads: any thread may translate.
 */
final class GuestStage {
  /** What comes of it. */
  sealed interface Result permits GuestPage, Fault {}

  private static final int PAGE_LG2 = 12;

  private final GuestWalk walk;
  private final SpanCache<Caches.Remembered> pages;
  private final Counters counters;

  GuestStage(GuestWalk walk, SpanCache<Caches.Remembered> pages, Counters counters) {
    this.walk = walk;
    this.pages = pages;
    this.counters = counters;
  }

  /** Translates the request's address in its PASID, or in PASID 0. */
  Result translate(Origin origin) {
    if (GuestWalk.isBeyond(origin)) {
      return walk(origin); // what is kept for PASID 0 without a sign is not for requests with one
    }
    return switch (pages.find(origin.domainId(), origin.guestPasid(), origin.request().address())) {
      case GuestPage page -> remembered(origin, page);
      case Caches.Absent _ -> {
        counters.translationHits.increment();
        yield origin.guestFault(0);
      }
      case null, default -> walk(origin);
    };
  }

  /** A write to a page that is not marked yet walks once more, to mark it. */
  private Result remembered(Origin origin, GuestPage page) {
    int granted = page.rights() & page.host().rights() & origin.entry().rights();
    boolean writes = origin.request().writes() && (granted & Rights.WRITE) != 0;
    if (writes && !page.written()) {
      return walk(origin);
    }
    counters.translationHits.increment();
    if ((origin.guestNeeds() & ~page.rights()) != 0) {
      return origin.guestFault(EventEntry.PR | EventEntry.PE);
    }
    long guestAddress = page.guestAddress(origin.request().address());
    return HostStage.Need.of(origin, guestAddress, writes).isMet(page.host().rights())
        ? page
        : origin.hostFault(guestAddress, origin.request().writes(), EventEntry.PR | EventEntry.PE);
  }

  private Result walk(Origin origin) {
    counters.translationMisses.increment();
    Result result = walk.walk(origin);
    int domainId = origin.domainId();
    int pasid = origin.guestPasid();
    long address = origin.request().address();
    if (result instanceof GuestPage page) {
      pages.put(domainId, pasid, page.sizeLg2(), address, page);
    } else if (result instanceof Fault fault
        && fault.isAbsence()
        && (fault.event().flags() & EventEntry.GN) != 0
        && origin.settings().features().npCache()) {
      pages.put(domainId, pasid, PAGE_LG2, address, Caches.ABSENT);
    }
    return result;
  }
}
