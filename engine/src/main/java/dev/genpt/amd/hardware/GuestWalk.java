package dev.genpt.amd.hardware;

import dev.genpt.amd.hardware.Caches.TablePointer;
import dev.genpt.amd.hardware.IommuFeatures.Bit;
import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a guest table, from its root or from the lowest table that is remembered. All its
 * pointers are guest physical: each one goes through the host stage.
 *
 * <p>A table pointer gets its A bit when the walk goes through it; the leaf gets A and D when
 * nothing is left to refuse. The level falls with every step, so a walk ends whatever is in memory.
 *
 * <p>Threads: any thread may walk. Source: AMD I/O Virtualization Technology (IOMMU) Specification,
 * "Guest Translation"; AMD64 Architecture Programmer's Manual, volume 2.
 */
final class GuestWalk {
  private final PhysicalMemory memory;
  private final HostStage host;
  private final Gcr3Table gcr3;
  private final SpanCache<TablePointer> pointers;
  private final Counters counters;

  GuestWalk(
      PhysicalMemory memory,
      HostStage host,
      Gcr3Table gcr3,
      SpanCache<TablePointer> pointers,
      Counters counters) {
    this.memory = memory;
    this.host = host;
    this.gcr3 = gcr3;
    this.pointers = pointers;
    this.counters = counters;
  }

  /** As {@link GuestStage#translate}, from memory. */
  GuestStage.Result walk(Origin origin) {
    counters.walks.increment();
    while (true) {
      GuestStage.Result result =
          switch (gcr3.root(origin)) {
            case Gcr3Table.GuestRoot root -> attempt(origin, root.address());
            case Fault noRoot -> noRoot;
          };
      if (!(result instanceof Fault fault && fault.isChange())) {
        return result;
      }
    }
  }

  /** With a PASID addresses are signed, without one they are not. */
  static boolean isBeyond(Origin origin) {
    long address = origin.request().address();
    int widthLg2 = GuestEntry.spanLg2(levels(origin));
    return origin.request().hasPasid()
        ? Log2.signExtend(address, widthLg2) != address
        : Log2.div(address, widthLg2) != 0;
  }

  private static int levels(Origin origin) {
    return origin.entry().guestLevels(origin.settings().features());
  }

  private GuestStage.Result attempt(Origin origin, long root) {
    long address = origin.request().address();
    boolean noExecute = origin.settings().features().has(Bit.NX);
    int needs = origin.guestNeeds();
    int level = levels(origin);
    if (isBeyond(origin)) {
      return origin.guestFault(EventEntry.PR);
    }
    long table = root;
    int rights = Rights.ALL;
    for (int lower = 1; lower < level; lower++) {
      TablePointer known = pointer(origin, lower);
      if (known != null) {
        counters.pointerHits.increment();
        level = lower;
        table = known.address();
        rights = known.rights();
      }
    }
    if ((needs & ~rights) != 0) {
      return origin.guestFault(EventEntry.PR | EventEntry.PE);
    }
    while (true) {
      long guestPa = table + GuestEntry.index(address, level) * Long.BYTES;
      long pa;
      switch (host.translate(origin, HostStage.Need.tableRead(guestPa))) {
        case HostPage page -> pa = page.address(guestPa);
        case Fault fault -> {
          return fault;
        }
      }
      long word;
      try {
        counters.tableReads.increment();
        word = memory.read64Acquire(pa);
      } catch (IommuException unreachable) {
        return origin.guestUnreadable(pa);
      }
      if (!GuestEntry.isPresent(word)) {
        return origin.guestFault(0);
      }
      if (GuestEntry.hasReservedBits(word, level, noExecute)) {
        return origin.guestFault(EventEntry.PR | EventEntry.RZ);
      }
      rights &= GuestEntry.rights(word);
      if ((needs & ~rights) != 0) {
        return origin.guestFault(EventEntry.PR | EventEntry.PE);
      }
      Place place = new Place(guestPa, pa, word);
      if (GuestEntry.isLeaf(word, level)) {
        return leaf(origin, place, GuestEntry.sizeLg2(level), rights);
      }
      Fault refused = mark(origin, place, accessedBit(origin));
      if (refused != null) {
        return refused;
      }
      level--;
      table = GuestEntry.address(word);
      pointers.put(
          origin.domainId(),
          origin.guestPasid(),
          GuestEntry.spanLg2(level),
          address,
          new TablePointer(table, rights));
    }
  }

  /** A word of a guest's table, and where it was read. */
  private record Place(long guestPa, long pa, long word) {}

  private @Nullable TablePointer pointer(Origin origin, int level) {
    return pointers.get(
        origin.domainId(),
        origin.guestPasid(),
        GuestEntry.spanLg2(level),
        origin.request().address());
  }

  private static long accessedBit(Origin origin) {
    return origin.settings().guestAccessed() ? GuestEntry.ACCESSED : 0;
  }

  /** Translates the page by the host table, then marks the leaf. */
  private GuestStage.Result leaf(Origin origin, Place place, int guestSizeLg2, int rights) {
    long address = origin.request().address();
    long guestAddress =
        Log2.alignDown(GuestEntry.address(place.word), guestSizeLg2)
            | Log2.mod(address, guestSizeLg2);
    boolean writes =
        origin.request().writes() && (rights & origin.entry().rights() & Rights.WRITE) != 0;
    HostPage below;
    switch (host.translate(origin, HostStage.Need.of(origin, guestAddress, writes))) {
      case HostPage page -> below = page;
      case Fault fault -> {
        return fault;
      }
    }
    boolean dirties = origin.settings().guestDirty();
    boolean written = writes && (below.rights() & Rights.WRITE) != 0;
    long bits = accessedBit(origin) | (dirties && written ? GuestEntry.DIRTY : 0);
    Fault refused = mark(origin, place, bits);
    if (refused != null) {
      return refused;
    }
    int sizeLg2 = Math.min(guestSizeLg2, below.sizeLg2());
    boolean marked = !dirties || ((place.word | bits) & GuestEntry.DIRTY) != 0;
    return new GuestPage(
        Log2.alignDown(guestAddress, sizeLg2),
        Log2.alignDown(below.address(guestAddress), sizeLg2),
        sizeLg2,
        rights,
        below,
        marked && (below.written() || !origin.marksDirty()));
  }

  /**
   * Sets bits of a word that do not stand in it yet; what it answers keeps the walk from going on.
   */
  private @Nullable Fault mark(Origin origin, Place place, long bits) {
    long marked = place.word | bits;
    if (marked == place.word) {
      return null;
    }
    return switch (host.translate(origin, HostStage.Need.tableWrite(place.guestPa))) {
      case Fault fault -> fault;
      case HostPage _ ->
          memory.compareAndSet64(place.pa, place.word, marked) ? null : Fault.CHANGED;
    };
  }
}
