package dev.genpt.kunit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.Feature;
import dev.genpt.table.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Random ranges mapped one over the other; what is in the way must be reported, and goes (upstream:
 * {@code test_random_map}).
 */
final class RandomMapCase {
  private static final int ITERATIONS = IommuCases.LIGHT ? 30 : 1000;
  private static final long MOST_BYTES = 1L << 30;
  private static final long FIRST_VA = 4096;
  private static final long MAX_UINT = 0xffff_ffffL;

  private final KunitFixture fixture;
  private final Mapper mapper;
  private final RandomGenerator random;

  /** Last address by first address of what is mapped; its output address follows from the first. */
  private final NavigableMap<Long, Long> mapped = new TreeMap<>(Long::compareUnsigned);

  private RandomMapCase(KunitFixture fixture) {
    this.fixture = fixture;
    mapper = new Mapper(fixture);
    random = fixture.random();
  }

  /** The case. */
  static void run(KunitFixture fixture) {
    new RandomMapCase(fixture).run();
  }

  /** Addresses to map in, both ends inclusive. */
  private record Window(long va, long lastVa) {}

  private void run() {
    List<Window> windows = new ArrayList<>(List.of(window(Range.top(fixture.table()))));
    if (fixture.has(Feature.SIGN_EXTEND)) {
      windows.add(window(Range.upper(fixture.table())));
    }
    for (int i = 0; i < ITERATIONS; i++) {
      mapSomewhere(windows.get(random.nextInt(windows.size())));
    }
    removeAll(mapped);
    mapper.assertLeaves(Map.of());
  }

  /** The first GiB of {@code range}, but not the lowest addresses nor the very last one. */
  private Window window(Range range) {
    long va = range.va();
    long lastVa = range.lastVa();
    if (Long.compareUnsigned(lastVa - va, MOST_BYTES) > 0) {
      lastVa = va + MOST_BYTES;
    }
    if (lastVa == -1L) {
      lastVa--;
    }
    if (Long.compareUnsigned(va, FIRST_VA) <= 0) {
      va = Log2.alignUp(FIRST_VA, fixture.smallestLg2());
    }
    return new Window(va, lastVa);
  }

  private void mapSomewhere(Window window) {
    int smallestLg2 = fixture.smallestLg2();
    long start = randomBelow(window.lastVa - window.va);
    long end = randomBelow(window.lastVa - start);
    start = Log2.alignDown(start, smallestLg2) + window.va;
    end = Log2.alignUp(end, smallestLg2) + start;
    if (Long.compareUnsigned(start, window.va) < 0
        || Long.compareUnsigned(end, window.lastVa + 1) > 0
        || Long.compareUnsigned(start, end) >= 0) {
      return;
    }
    long last = end - 1;
    if (!map(start, last)) {
      removeAll(overlapping(start, last));
      mapper.map(start, outputOf(start), end - start);
    }
    mapped.put(start, last);
    check(start, last);
  }

  private long randomBelow(long bound) {
    return random.nextLong(Long.compareUnsigned(bound, MAX_UINT) < 0 ? bound : MAX_UINT);
  }

  /** False if something is in the way, which must be so. */
  private boolean map(long start, long last) {
    boolean free = overlapping(start, last).isEmpty();
    try {
      mapper.map(start, outputOf(start), last - start + 1);
    } catch (IommuException e) {
      assertEquals(Errno.EADDRINUSE, e.errno(), e.getMessage());
      assertEquals(false, free, () -> "nothing was recorded in the way, but " + e.getMessage());
      return false;
    }
    assertEquals(
        true, free, () -> "[%#x, %#x] was mapped over what was there".formatted(start, last));
    return true;
  }

  /** What is mapped in {@code [start, last]} or a part of it. */
  private NavigableMap<Long, Long> overlapping(long start, long last) {
    Map.Entry<Long, Long> before = mapped.floorEntry(start);
    boolean reaches = before != null && Long.compareUnsigned(before.getValue(), start) >= 0;
    return mapped.subMap(reaches ? before.getKey() : start, true, last, true);
  }

  /** Unmaps, after a look at all of it; the ranges are a view of what is recorded. */
  private void removeAll(NavigableMap<Long, Long> ranges) {
    ranges.forEach((start, last) -> {
      check(start, last);
      mapper.unmap(start, last - start + 1);
    });
    ranges.clear();
  }

  private void check(long start, long last) {
    mapper.checkTranslations(start, outputOf(start), last - start + 1);
  }

  private long outputOf(long start) {
    return Log2.mod(start, fixture.table().maxOaLg2());
  }
}
