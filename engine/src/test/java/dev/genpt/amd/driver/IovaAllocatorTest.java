package dev.genpt.amd.driver;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Input addresses: from the top down, aligned, never twice. */
final class IovaAllocatorTest {
  private static final long LOW = 0xffff_ffffL;
  private static final long ALL = 0x7fff_ffff_ffffL;

  @Test
  void fromTheLimitDownAlignedToTheSize() {
    IovaAllocator allocator = new IovaAllocator(12, 0, ALL);
    assertEquals(0xfffff000L, allocator.allocate(0x1000, LOW));
    assertEquals(0xffffe000L, allocator.allocate(1, LOW));
    assertEquals(0xffff8000L, allocator.allocate(0x3000, LOW), "aligned to 16 KiB");
    assertEquals(0xffff7000L, allocator.allocate(0x1000, LOW), "the search goes on below");
    allocator.free(0xfffff000L);
    assertEquals(0xfffff000L, allocator.allocate(0x1000, LOW), "what is freed above is found");
    assertEquals(0x7fff_ffe0_0000L, allocator.allocate(0x20_0000, ALL));
    assertEquals(0xfff_f000L, allocator.allocate(0x1000, 0xfff_ffffL), "a smaller mask");
    assertEquals(0xfff_e000L, allocator.allocate(0x1000, 0xfff_fffeL), "no part of a granule");
  }

  @Test
  void aHoleBelowTheLastRangeIsFoundByAnotherSearch() {
    IovaAllocator allocator = new IovaAllocator(12, 0x1000, 0x8fff);
    for (int i = 8; i >= 1; i--) {
      assertEquals(i * 0x1000L, allocator.allocate(0x1000, LOW));
    }
    assertEquals(IovaAllocator.NONE, allocator.allocate(0x1000, LOW));
    allocator.free(0x6000);
    allocator.free(0x3000);
    assertEquals(IovaAllocator.NONE, allocator.allocate(0x2000, LOW));
    assertEquals(0x6000, allocator.allocate(0x1000, LOW));
    assertEquals(0x3000, allocator.allocate(0x1000, LOW));
    assertRefused(Errno.EINVAL, () -> allocator.free(0x9000));
    assertRefused(Errno.EINVAL, () -> allocator.free(0x6800));
  }

  @Test
  void addressZeroAndReservedRangesAreNeverGiven() {
    IovaAllocator allocator = new IovaAllocator(12, 0, 0xffff);
    allocator.reserve(0x8000, 0x9fff);
    allocator.reserve(0x9000, 0xafff);
    List<Long> given = new ArrayList<>();
    for (long iova = allocator.allocate(0x1000, LOW);
        iova != IovaAllocator.NONE;
        iova = allocator.allocate(0x1000, LOW)) {
      given.add(iova >>> 12);
    }
    assertEquals(List.of(15L, 14L, 13L, 12L, 11L, 7L, 6L, 5L, 4L, 3L, 2L, 1L), given);
  }

  /** Against a plain list of ranges: no overlap, aligned, within limits, and refusals are right. */
  @Test
  void anySequenceOfCalls() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    IovaAllocator allocator = new IovaAllocator(12, 0, (1L << 33) - 1);
    allocator.reserve(0xfee00000L, 0xfeefffffL);
    TreeMap<Long, Long> model = new TreeMap<>(Map.of(0xfee00000L, 0xfeefffffL));
    List<Long> given = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      if (random.nextInt(5) < 3 || given.isEmpty()) {
        long length = (long) random.nextInt(1, 1 << random.nextInt(1, 18)) << 12;
        long limit = random.nextBoolean() ? LOW : (1L << 33) - 1;
        long iova = allocator.allocate(length, limit);
        long alignment = Math.max(Long.highestOneBit(length * 2 - 1), 0x1000);
        if (iova == IovaAllocator.NONE) {
          assertFalse(hasRoom(model, length, alignment, limit), () -> "seed " + seed);
          continue;
        }
        long last = iova + length - 1;
        assertEquals(0, iova % alignment, () -> "seed " + seed);
        assertTrue(iova > 0 && last <= limit, () -> "seed " + seed);
        Map.Entry<Long, Long> below = model.floorEntry(last);
        assertTrue(below == null || below.getValue() < iova, () -> "seed " + seed);
        model.put(iova, last);
        given.add(iova);
      } else {
        int index = random.nextInt(given.size());
        long iova = given.set(index, given.getLast());
        given.removeLast();
        allocator.free(iova);
        model.remove(iova);
      }
    }
  }

  private static boolean hasRoom(
      NavigableMap<Long, Long> model, long length, long alignment, long limit) {
    for (long iova = alignment; iova + length - 1 <= limit; iova += alignment) {
      Map.Entry<Long, Long> below = model.floorEntry(iova + length - 1);
      if (below == null || below.getValue() < iova) {
        return true;
      }
      iova = (below.getValue() & -alignment);
    }
    return false;
  }

  @Test
  void shortRangesComeBackOnTheirCpu() {
    IovaSpace space = new IovaSpace(new IovaAllocator(12, 0, ALL), 2);
    long first = space.allocate(0, 0x3000, ALL);
    assertEquals(0xffffc000L, first, "below 4 GiB, three pages take four");
    assertEquals(0xffff8000L, space.allocate(1, 0x4000, ALL));
    space.free(0, first, 0x3000);
    assertEquals(0xffff4000L, space.allocate(1, 0x4000, ALL), "not from another's cache");
    assertEquals(first, space.allocate(0, 0x4000, ALL));
  }

  @Test
  void whenLowAddressesAreGoneHighOnesAreUsed() {
    IovaSpace space = new IovaSpace(new IovaAllocator(12, 0, ALL), 1);
    long half = space.allocate(0, 0x8000_0000L, ALL);
    assertEquals(0x8000_0000L, half);
    assertEquals(0x7fff_8000_0000L, space.allocate(0, 0x8000_0000L, ALL));
    space.free(0, half, 0x8000_0000L);
    assertEquals(0x7fff_0000_0000L, space.allocate(0, 0x8000_0000L, ALL), "for good");
    assertRefused(Errno.ENOSPC, () -> space.allocate(0, 1L << 47, ALL));
  }

  /** Magazines: 127 each, two to a CPU, full ones to the depot, and from there to other CPUs. */
  @Test
  void fullMagazinesGoRound() {
    IovaSpace space = new IovaSpace(new IovaAllocator(12, 0, LOW), 2);
    List<Long> given = new ArrayList<>();
    for (int i = 0; i < 127 * 5; i++) {
      given.add(space.allocate(0, 0x1000, LOW));
    }
    given.forEach(iova -> space.free(0, iova, 0x1000));
    List<Long> others = new ArrayList<>();
    for (int i = 0; i < 127 * 3; i++) {
      others.add(space.allocate(1, 0x1000, LOW));
    }
    assertTrue(given.containsAll(others), "three full magazines were in the depot");
    assertFalse(given.contains(space.allocate(1, 0x1000, LOW)), "two are CPU 0's");
  }

  @Test
  void whenNothingIsLeftCachesAreEmptied() {
    IovaSpace space = new IovaSpace(new IovaAllocator(12, 0, 0xffff), 1);
    List<Long> given = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      given.add(space.allocate(0, 0x1000, 0xffff));
    }
    given.forEach(iova -> space.free(0, iova, 0x1000));
    assertEquals(0x8000, space.allocate(0, 0x8000, 0xffff));
  }

  @Test
  void theDepotGivesBackInTime() {
    IovaAllocator allocator = new IovaAllocator(12, 0, LOW);
    IovaSpace space = new IovaSpace(allocator, 1);
    List<Long> given = new ArrayList<>();
    for (int i = 0; i < 127 * 6; i++) {
      given.add(space.allocate(0, 0x1000, LOW));
    }
    given.forEach(iova -> space.free(0, iova, 0x1000));
    long freed = 0xfffff000L;
    for (int tenths = 0; tenths < 20; tenths++) {
      space.runTimers(tenths * 100_000L);
    }
    // Four full magazines, of which one may stay: 381 pages are the allocator's again.
    int free = 0;
    for (long iova = freed;
        iova > freed - 127 * 6 * 0x1000L;
        iova = allocator.allocate(0x1000, LOW)) {
      free++;
    }
    assertEquals(381, free - 1);
  }
}
