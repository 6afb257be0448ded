package dev.genpt.amd.hardware;

/**
 * The host stage: from an address that a device or its guest uses to a system physical one, by what
 * is remembered or by a walk.
 *
 * <p>Threads: any thread may translate.
 */
final class HostStage {
  /** What comes of it. */
  sealed interface Result permits HostPage, Fault {}

  /**
   * What is asked for.
   *
   * @param address an IOVA or a guest physical address
   * @param rights {@link Rights} without which it is refused
   * @param own {@link Rights} of whoever asks: the device, or the IOMMU itself for guest tables
   * @param write true if it is written, should that be allowed
   */
  record Need(long address, int rights, int own, boolean write) {
    private static final int IOMMU_ITSELF = Rights.READ | Rights.WRITE;

    /** The access that a request is about. */
    static Need of(Origin origin, long address, boolean write) {
      return new Need(address, origin.request().neededRights(), origin.entry().rights(), write);
    }

    /** The IOMMU reads a word of a guest's table. */
    static Need tableRead(long address) {
      return new Need(address, Rights.READ, IOMMU_ITSELF, false);
    }

    /** The IOMMU marks a word of a guest's table. */
    static Need tableWrite(long address) {
      return new Need(address, Rights.READ | Rights.WRITE, IOMMU_ITSELF, true);
    }

    boolean isMet(int granted) {
      return (rights & ~(granted & own)) == 0;
    }
  }

  private static final int PAGE_LG2 = 12;

  private final HostWalk walk;
  private final SpanCache<Caches.Remembered> pages;
  private final Counters counters;

  HostStage(HostWalk walk, SpanCache<Caches.Remembered> pages, Counters counters) {
    this.walk = walk;
    this.pages = pages;
    this.counters = counters;
  }

  /** Translates {@code need.address()}; without a host table it stays as it is. */
  Result translate(Origin origin, Need need) {
    if (origin.entry().mode() == 0) {
      return HostPage.IDENTITY;
    }
    return switch (pages.find(origin.domainId(), SpanCache.HOST, need.address())) {
      case HostPage page -> remembered(origin, need, page);
      case Caches.Absent _ -> {
        counters.translationHits.increment();
        yield origin.hostFault(need.address(), need.write(), 0);
      }
      case null, default -> walk(origin, need);
    };
  }

  /** A write to a page that is not marked yet walks once more, to mark it. */
  private Result remembered(Origin origin, Need need, HostPage page) {
    boolean writes = need.write() && (page.rights() & need.own() & Rights.WRITE) != 0;
    if (writes && !page.written() && origin.marksDirty()) {
      return walk(origin, need);
    }
    counters.translationHits.increment();
    return need.isMet(page.rights())
        ? page
        : origin.hostFault(need.address(), need.write(), EventEntry.PR | EventEntry.PE);
  }

  private Result walk(Origin origin, Need need) {
    counters.translationMisses.increment();
    Result result = walk.walk(origin, need);
    int domainId = origin.domainId();
    if (result instanceof HostPage page) {
      pages.put(domainId, SpanCache.HOST, page.sizeLg2(), need.address(), page);
    } else if (result instanceof Fault fault
        && fault.isAbsence()
        && origin.settings().features().npCache()) {
      pages.put(domainId, SpanCache.HOST, PAGE_LG2, need.address(), Caches.ABSENT);
    }
    return result;
  }
}
