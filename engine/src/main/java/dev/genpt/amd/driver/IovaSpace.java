package dev.genpt.amd.driver;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where DMA mappings of a domain go: the allocator of input addresses, and caches of short ranges
 * before it.
 *
 * <p>Addresses below 4 GiB are tried first, as devices do best with them, until there are none.
 *
 * <p>Threads: any.
 */
final class IovaSpace {
  private static final int CACHED_SIZES = 6;
  private static final long LAST_LOW = 0xffff_ffffL;
  private static final long TRIM_MICROSECONDS = 100_000;

  private final IovaAllocator allocator;
  private final List<IovaCache> caches = new ArrayList<>();
  private volatile boolean prefersLow = true;
  private long nextTrim;

  /** Empty caches for {@code cpuCount} CPUs before {@code allocator}. */
  IovaSpace(IovaAllocator allocator, int cpuCount) {
    this.allocator = allocator;
    for (int i = 0; i < CACHED_SIZES; i++) {
      caches.add(new IovaCache(cpuCount));
    }
  }

  /**
   * Gives out a range.
   *
   * @param cpu whose cache to use
   * @param length bytes
   * @param lastAllowed no byte of it lies above
   * @throws IommuException ENOSPC if there is none
   */
  long allocate(int cpu, long length, long lastAllowed) {
    if (prefersLow && Long.compareUnsigned(lastAllowed, LAST_LOW) > 0) {
      long low = take(cpu, length, LAST_LOW);
      if (low != IovaAllocator.NONE) {
        return low;
      }
      prefersLow = false;
    }
    long found = take(cpu, length, lastAllowed);
    if (found == IovaAllocator.NONE) {
      drainCaches();
      found = take(cpu, length, lastAllowed);
    }
    if (found == IovaAllocator.NONE) {
      throw new IommuException(
          Errno.ENOSPC,
          "no %#x bytes of input addresses left up to %#x".formatted(length, lastAllowed));
    }
    return found;
  }

  private long take(int cpu, long length, long lastAllowed) {
    int sizeLg2 = sizeLg2(length);
    if (sizeLg2 >= CACHED_SIZES) {
      return allocator.allocate(length, lastAllowed);
    }
    long rounded = Log2.toValue(sizeLg2 + allocator.granuleLg2());
    long cached = caches.get(sizeLg2).take(cpu, lastAllowed - rounded + 1);
    return cached != IovaAllocator.NONE ? cached : allocator.allocate(rounded, lastAllowed);
  }

  /** Takes a range of {@code length} bytes back, to be given out again soon on this CPU. */
  void free(int cpu, long iova, long length) {
    int sizeLg2 = sizeLg2(length);
    if (sizeLg2 >= CACHED_SIZES) {
      allocator.free(iova);
    } else {
      caches.get(sizeLg2).put(cpu, iova);
    }
  }

  /** Granules of a range, lg2, rounded up. */
  private int sizeLg2(long length) {
    return Log2.fls(allocator.granules(length) - 1);
  }

  private void drainCaches() {
    caches.forEach(cache -> cache.drain(allocator::free));
  }

  /** What is due at this time: caches that have grown give something back. */
  synchronized void runTimers(long microseconds) {
    if (microseconds >= nextTrim) {
      nextTrim = microseconds + TRIM_MICROSECONDS;
      caches.forEach(cache -> cache.trim(allocator::free));
    }
  }
}
