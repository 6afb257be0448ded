package dev.genpt.amd.driver;

import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageList;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ranges that were unmapped but not yet invalidated: their addresses and tables are used again only
 * after the whole domain was flushed, which many share.
 *
 * <p>A flush raises one counter before and another after it. An entry remembers the first as it was
 * when it was queued; it is free once the second has passed that.
 *
 * <p>Threads: any. Source of the rules: upstream {@code dma-iommu.c}.
 */
final class FlushQueue {
  private static final int MOST_ENTRIES = 255;
  private static final long TIMEOUT_MICROSECONDS = 10_000;
  private static final long NOT_ARMED = Long.MAX_VALUE;

  /** A range that waits. */
  private record Entry(long iova, long length, PageList tables, long started) {}

  private final PagingDomain domain;
  private final Invalidations invalidations;
  private final PageAllocator pages;
  private final IovaSpace addresses;
  private final DriverClock clock;
  private final List<ArrayDeque<Entry>> queues = new ArrayList<>();
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();
  private final AtomicLong due = new AtomicLong(NOT_ARMED);

  /** Empty queues for {@code cpuCount} CPUs. */
  FlushQueue(PagingDomain domain, IovaSpace addresses, DriverClock clock, int cpuCount) {
    this.domain = domain;
    this.addresses = addresses;
    this.clock = clock;
    invalidations = domain.context.invalidations();
    pages = domain.context.pages();
    for (int i = 0; i < cpuCount; i++) {
      queues.add(new ArrayDeque<>());
    }
  }

  /**
   * Puts a range that is unmapped in line.
   *
   * @param tables freed with it; the queue's from now on
   */
  void add(int cpu, long iova, long length, PageList tables) {
    // The table's words must be cleared for all to see before the counter is read.
    VarHandle.fullFence();
    ArrayDeque<Entry> queue = queues.get(cpu);
    synchronized (queue) {
      release(cpu, queue);
      if (queue.size() == MOST_ENTRIES) {
        flush();
        release(cpu, queue);
      }
      queue.add(new Entry(iova, length, tables, started.get()));
    }
    due.compareAndSet(NOT_ARMED, clock.microseconds() + TIMEOUT_MICROSECONDS);
  }

  /** What is due at this time: flushes and releases if the oldest has waited long enough. */
  void runTimers(long microseconds) {
    if (microseconds >= due.get()) {
      due.set(NOT_ARMED);
      drain();
    }
  }

  /** Flushes and releases all that is in line now. */
  void drain() {
    flush();
    for (int cpu = 0; cpu < queues.size(); cpu++) {
      ArrayDeque<Entry> queue = queues.get(cpu);
      synchronized (queue) {
        release(cpu, queue);
      }
    }
  }

  private void flush() {
    started.incrementAndGet();
    invalidations.flushQueued(domain);
    finished.incrementAndGet();
  }

  private void release(int cpu, ArrayDeque<Entry> queue) {
    long done = finished.get();
    for (Entry entry = queue.peek(); entry != null && entry.started < done; entry = queue.peek()) {
      queue.remove();
      pages.freeAll(entry.tables);
      addresses.free(cpu, entry.iova, entry.length);
    }
  }
}
