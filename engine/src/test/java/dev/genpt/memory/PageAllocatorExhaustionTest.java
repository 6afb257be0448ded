package dev.genpt.memory;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The allocator when memory runs out: nothing is lost, and small blocks become large ones again.
 */
final class PageAllocatorExhaustionTest {
  private final PhysicalMemory memory = PhysicalMemory.ofMebibytes(4);
  private final PageAllocator pages = new PageAllocator(memory);
  private final PageOwner owner = pages.newOwner("all");

  @Test
  void everyPageIsGivenOnce() {
    for (int i = 0; i < 1024; i++) {
      pages.allocate(owner, 12);
    }
    assertEquals(4 << 20, owner.liveBytes());
    assertRefused(Errno.ENOMEM, () -> pages.allocate(owner, 12));
    assertEquals(1024, pages.liveBlocks());
  }

  @Test
  void freedPagesMergeWhenALargeBlockIsWanted() {
    List<Long> held = new ArrayList<>();
    for (int i = 0; i < 1024; i++) {
      held.add(pages.allocate(owner, 12));
    }
    held.forEach(pa -> pages.free(owner, pa));
    pages.allocate(owner, 21);
    pages.allocate(owner, 21);
    assertRefused(Errno.ENOMEM, () -> pages.allocate(owner, 12));
  }

  @Test
  void aHeldPageKeepsItsNeighboursFromMerging() {
    for (int i = 0; i < 1024; i++) {
      pages.allocate(owner, 12);
    }
    long base = memory.regions().getFirst().base();
    for (int i = 1; i < 1024; i++) {
      pages.free(owner, base + i * 0x1000L);
    }
    assertEquals(base + (2 << 20), pages.allocate(owner, 21));
    assertRefused(Errno.ENOMEM, () -> pages.allocate(owner, 21));
    assertEquals(base + (1 << 20), pages.allocate(owner, 20));
  }

  @Test
  void aLargeBlockIsSplitForSmallOnes() {
    pages.allocate(owner, 21);
    pages.free(owner, pages.allocate(owner, 21));
    for (int i = 0; i < 512; i++) {
      pages.allocate(owner, 12);
    }
    assertRefused(Errno.ENOMEM, () -> pages.allocate(owner, 12));
  }

  @Test
  void alignmentIsAbsoluteWhereverMemoryStarts() {
    PageAllocator odd =
        new PageAllocator(new PhysicalMemory(List.of(new Region(0x1003_f000L, 0x10_0000L))));
    PageOwner someone = odd.newOwner("odd");
    assertEquals(0x1004_0000L, odd.allocate(someone, 18));
    assertEquals(0x1003_f000L, odd.allocate(someone, 12), "the gap before it is used");
  }

  @Test
  void randomUseNeverHandsOutAPageTwice() {
    Random random = new Random(3);
    TreeMap<Long, Integer> held = new TreeMap<>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(5) < 3) {
        int size = 12 + Math.min(random.nextInt(10), random.nextInt(10));
        take(held, size);
      } else if (!held.isEmpty()) {
        Long any = held.ceilingKey((1L << 32) + random.nextInt(4 << 20));
        long pa = any != null ? any : held.firstKey();
        held.remove(pa);
        pages.free(owner, pa);
      }
      assertEquals(held.size(), pages.liveBlocks());
    }
    held.keySet().forEach(pa -> pages.free(owner, pa));
    pages.checkNoLeaks();
    assertEquals(0, owner.liveBytes());
  }

  private void take(NavigableMap<Long, Integer> held, int size) {
    long pa;
    try {
      pa = pages.allocate(owner, size);
    } catch (IommuException e) {
      assertEquals(Errno.ENOMEM, e.errno());
      return;
    }
    Map.Entry<Long, Integer> neighbour = held.lowerEntry(pa + (1L << size));
    if (neighbour != null) {
      assertTrue(neighbour.getKey() + (1L << neighbour.getValue()) <= pa, "given twice");
    }
    held.put(pa, size);
  }

  @Test
  void aLargeMachineCostsWhatItUses() {
    PageAllocator large = new PageAllocator(new PhysicalMemory(List.of(new Region(0, 1L << 52))));
    PageOwner someone = large.newOwner("someone");
    long first = large.allocate(someone, 12);
    long last = first;
    for (int i = 0; i < 10_000; i++) {
      last = large.allocate(someone, 12);
    }
    assertTrue(large.isLive(someone, first));
    assertTrue(large.isLive(someone, last));
    assertFalse(large.isLive(someone, last + 0x1000));
    assertFalse(large.isLive(someone, 1L << 51));
    assertEquals(10_001, large.freeOwner(someone));
    large.checkNoLeaks();
  }
}
