package dev.genpt.amd.driver;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The input addresses of one domain that are in use, in granules: ranges are given out from the top
 * down, first fit, each aligned to its length rounded up to a power of two.
 *
 * <p>The search goes on below the last range that it gave; when it finds nothing there it begins at
 * the limit again. Below 4 GiB it has a memory of its own, and of the shortest length that was
 * refused there.
 *
 * <p>Threads: any; one at a time goes in. Source of the rules: upstream {@code iova.c}.
 */
final class IovaAllocator {
  /** The answer when there is no room: address 0 is never given out. */
  static final long NONE = 0;

  private static final int LOW_LG2 = 32;

  private final int granuleLg2;
  private final long first;
  private final long last;
  private final long lastLow;

  /** Last granule of each range, by its first. */
  private final TreeMap<Long, Long> used = new TreeMap<>();

  /** Where the search below 4 GiB, and that above, goes on: below this granule. */
  private long below;

  private long belowLow;
  private long refusedLow = Long.MAX_VALUE;

  /**
   * An allocator with nothing given out.
   *
   * @param granuleLg2 bytes of a granule, lg2, at least 1
   * @param firstIova first address; address 0 is never given
   * @param lastIova last address, inclusive
   */
  IovaAllocator(int granuleLg2, long firstIova, long lastIova) {
    this.granuleLg2 = granuleLg2;
    first = Math.max(1, Log2.alignUp(firstIova, granuleLg2) >>> granuleLg2);
    last = lastWhole(lastIova);
    lastLow = (1L << (LOW_LG2 - granuleLg2)) - 1;
    below = last + 1;
    belowLow = Math.min(lastLow, last) + 1;
  }

  /** Takes {@code [firstIova, lastIova]} out of use for good. */
  synchronized void reserve(long firstIova, long lastIova) {
    long from = firstIova >>> granuleLg2;
    long to = lastIova >>> granuleLg2;
    Map.Entry<Long, Long> overlapping = used.floorEntry(to);
    while (overlapping != null && overlapping.getValue() >= from) {
      used.remove(overlapping.getKey());
      from = Math.min(from, overlapping.getKey());
      to = Math.max(to, overlapping.getValue());
      overlapping = used.floorEntry(to);
    }
    used.put(from, to);
  }

  /**
   * Gives out a range.
   *
   * @param length bytes, rounded up to granules
   * @param lastAllowed no byte of it lies above
   * @return its first address, or {@link #NONE}
   */
  synchronized long allocate(long length, long lastAllowed) {
    long size = granules(length);
    long limit = Math.min(last, lastWhole(lastAllowed));
    boolean low = limit <= lastLow;
    if (low && size >= refusedLow) {
      return NONE;
    }
    long start = Math.min(limit + 1, low ? belowLow : below);
    long found = search(start, size);
    if (found < first && start <= limit) {
      found = search(limit + 1, size);
    }
    if (found < first) {
      if (low) {
        refusedLow = size;
      }
      return NONE;
    }
    used.put(found, found + size - 1);
    if (low) {
      belowLow = found;
    } else {
      below = found;
    }
    return found << granuleLg2;
  }

  /** The highest aligned place of {@code size} granules below {@code end}, or {@link #NONE}. */
  private long search(long end, long size) {
    int alignLg2 = Log2.fls(size - 1);
    long place = Log2.alignDown(end - size, alignLg2);
    while (place >= first) {
      Map.Entry<Long, Long> inTheWay = used.floorEntry(place + size - 1);
      if (inTheWay == null || inTheWay.getValue() < place) {
        return place;
      }
      place = Log2.alignDown(inTheWay.getKey() - size, alignLg2);
    }
    return NONE;
  }

  /**
   * Takes a range back.
   *
   * @param iova its first address
   * @throws IommuException EINVAL if none begins there
   */
  synchronized void free(long iova) {
    long from = iova >>> granuleLg2;
    Long to = used.remove(from);
    if (to == null || !Log2.isAligned(iova, granuleLg2)) {
      throw new IommuException(
          Errno.EINVAL, iova, 0, "input address %#x: no range begins there".formatted(iova));
    }
    if (from <= lastLow) {
      refusedLow = Long.MAX_VALUE;
      belowLow = Math.max(belowLow, Math.min(to, lastLow) + 1);
    }
    if (from >= below) {
      below = to + 1;
    }
  }

  /** How many granules {@code length} bytes take. */
  long granules(long length) {
    return Log2.alignUp(length, granuleLg2) >>> granuleLg2;
  }

  /** Bytes of a granule, lg2. */
  int granuleLg2() {
    return granuleLg2;
  }

  /** The last granule that ends at or before {@code lastAddress}; -1 if none does. */
  private long lastWhole(long lastAddress) {
    long granule = lastAddress >>> granuleLg2;
    return Log2.modEqualsMax(lastAddress, granuleLg2) ? granule : granule - 1;
  }
}
