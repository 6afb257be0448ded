package dev.genpt.amd.hardware;

import dev.genpt.amd.hardware.Caches.TablePointer;
import dev.genpt.bits.Log2;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a host table, from its root or from the lowest table that is remembered.
 *
 * <p>The level falls with every step, so a walk ends whatever is in memory.
 *
 * <p>Threads: any thread may walk. Source: AMD I/O Virtualization Technology (IOMMU) Specification,
 * "I/O Page Tables for Host Translations".
 */
final class HostWalk {
  private final PhysicalMemory memory;
  private final SpanCache<TablePointer> pointers;
  private final Counters counters;

  HostWalk(PhysicalMemory memory, SpanCache<TablePointer> pointers, Counters counters) {
    this.memory = memory;
    this.pointers = pointers;
    this.counters = counters;
  }

  /** As {@link HostStage#translate}, from memory. */
  HostStage.Result walk(Origin origin, HostStage.Need need) {
    counters.walks.increment();
    if (origin.entry().isAboveHostTable(need.address())) {
      return fault(origin, need, EventEntry.PR);
    }
    while (true) {
      HostStage.Result result = attempt(origin, need);
      if (!(result instanceof Fault fault && fault.isChange())) {
        return result;
      }
    }
  }

  private HostStage.Result attempt(Origin origin, HostStage.Need need) {
    long address = need.address();
    int level = origin.entry().mode();
    long table = origin.entry().hostRoot();
    int rights = Rights.READ | Rights.WRITE;
    for (int lower = 1; lower < level; lower++) {
      TablePointer known = pointer(origin, lower, address);
      if (known != null) {
        counters.pointerHits.increment();
        level = lower;
        table = known.address();
        rights = known.rights();
      }
    }
    if (!need.isMet(rights)) {
      return fault(origin, need, EventEntry.PR | EventEntry.PE);
    }
    while (true) {
      long pa = table + HostEntry.index(address, level) * Long.BYTES;
      long word;
      try {
        counters.tableReads.increment();
        word = memory.read64Acquire(pa);
      } catch (IommuException unreachable) {
        return origin.hostUnreadable(pa, need.write());
      }
      if (!HostEntry.isPresent(word)) {
        return fault(origin, need, 0);
      }
      if (HostEntry.hasReservedBits(word)) {
        return fault(origin, need, EventEntry.PR | EventEntry.RZ);
      }
      rights &= Rights.ofReadWrite(word);
      if (!need.isMet(rights)) {
        return fault(origin, need, EventEntry.PR | EventEntry.PE);
      }
      if (HostEntry.isLeaf(word)) {
        int sizeLg2 = HostEntry.leafSizeLg2(word, level);
        return sizeLg2 == 0
            ? fault(origin, need, EventEntry.PR)
            : leaf(origin, need, pa, word, sizeLg2, rights);
      }
      int next = HostEntry.nextLevel(word);
      if (next >= level || skippedBits(address, level, next) != 0) {
        return fault(origin, need, EventEntry.PR);
      }
      level = next;
      table = HostEntry.address(word);
      pointers.put(
          origin.domainId(),
          SpanCache.HOST,
          HostEntry.spanLg2(level),
          address,
          new TablePointer(table, rights));
    }
  }

  private @Nullable TablePointer pointer(Origin origin, int level, long address) {
    return pointers.get(origin.domainId(), SpanCache.HOST, HostEntry.spanLg2(level), address);
  }

  /**
   * The bits of an address that no level decodes, if a table of {@code level} leads to one of next.
   */
  private static long skippedBits(long address, int level, int next) {
    return Log2.mod(address, HostEntry.defaultSizeLg2(level)) >>> HostEntry.spanLg2(next);
  }

  /** Marks the leaf as the device table entry wants it. */
  private HostStage.Result leaf(
      Origin origin, HostStage.Need need, long pa, long word, int sizeLg2, int rights) {
    boolean tracked = origin.marksDirty();
    boolean writes = need.write() && (rights & need.own() & Rights.WRITE) != 0;
    long marked =
        word
            | (origin.marksAccessed() ? HostEntry.ACCESSED : 0)
            | (tracked && writes ? HostEntry.DIRTY : 0);
    if (marked != word && !memory.compareAndSet64(pa, word, marked)) {
      return Fault.CHANGED;
    }
    return new HostPage(
        Log2.alignDown(HostEntry.address(word), sizeLg2),
        sizeLg2,
        rights,
        HostEntry.isForceCoherent(word),
        HostEntry.isUntranslatedOnly(word),
        writes || !tracked);
  }

  private static Fault fault(Origin origin, HostStage.Need need, int flags) {
    return origin.hostFault(need.address(), need.write(), flags);
  }
}
