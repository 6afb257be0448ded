package dev.genpt.amd.driver;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Input addresses of one length that were given back, kept for who asks next on the same CPU: most
 * allocations then need no search, and a CPU gets what it used last.
 *
 * <p>Each CPU has two magazines of addresses; full ones go to a depot that all share.
 *
 * <p>Threads: any. Source of the rules: upstream {@code iova.c}, rcaches.
 */
final class IovaCache {
  private static final int MAGAZINE = 127;

  private final PerCpu[] cpus;
  private final ArrayDeque<Magazine> depot = new ArrayDeque<>();

  private static final class Magazine {
    private final long[] addresses = new long[MAGAZINE];
    private int count;

    boolean isFull() {
      return count == MAGAZINE;
    }

    void push(long iova) {
      addresses[count++] = iova;
    }

    /** The newest that is not above {@code lastAllowed}, or NONE. */
    long pop(long lastAllowed) {
      for (int i = count - 1; i >= 0; i--) {
        if (Long.compareUnsigned(addresses[i], lastAllowed) <= 0) {
          long found = addresses[i];
          addresses[i] = addresses[--count];
          return found;
        }
      }
      return IovaAllocator.NONE;
    }

    void drain(LongConsumer to) {
      while (count > 0) {
        to.accept(addresses[--count]);
      }
    }
  }

  private static final class PerCpu {
    private Magazine loaded = new Magazine();
    private Magazine previous = new Magazine();

    void swap() {
      Magazine other = loaded;
      loaded = previous;
      previous = other;
    }
  }

  /** Empty caches for CPUs 0 to {@code cpuCount - 1}. */
  IovaCache(int cpuCount) {
    cpus = new PerCpu[cpuCount];
    Arrays.setAll(cpus, _ -> new PerCpu());
  }

  /** Keeps an address that was given back. */
  void put(int cpu, long iova) {
    PerCpu mine = cpus[cpu];
    synchronized (mine) {
      if (mine.loaded.isFull()) {
        mine.swap();
      }
      if (mine.loaded.isFull()) {
        synchronized (depot) {
          depot.push(mine.loaded);
        }
        mine.loaded = new Magazine();
      }
      mine.loaded.push(iova);
    }
  }

  /** An address that is not above {@code lastAllowed}, or {@link IovaAllocator#NONE}. */
  long take(int cpu, long lastAllowed) {
    PerCpu mine = cpus[cpu];
    synchronized (mine) {
      if (mine.loaded.count == 0) {
        mine.swap();
      }
      if (mine.loaded.count == 0) {
        synchronized (depot) {
          mine.loaded = depot.isEmpty() ? mine.loaded : depot.pop();
        }
      }
      return mine.loaded.pop(lastAllowed);
    }
  }

  /** Gives a full magazine back if there are more in the depot than CPUs. */
  void trim(LongConsumer free) {
    synchronized (depot) {
      if (depot.size() > cpus.length) {
        depot.pop().drain(free);
      }
    }
  }

  /** Gives everything back. */
  void drain(LongConsumer free) {
    for (PerCpu each : cpus) {
      synchronized (each) {
        each.loaded.drain(free);
        each.previous.drain(free);
      }
    }
    synchronized (depot) {
      while (!depot.isEmpty()) {
        depot.pop().drain(free);
      }
    }
  }
}
