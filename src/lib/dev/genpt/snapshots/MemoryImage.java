package dev.genpt.snapshots;

import dev.genpt.memory.PhysicalMemory;
import dev.genpt.memory.PhysicalMemory.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The pages of an image. Not thread-safe while pages are added. */
final class MemoryImage {
  /** Words of a page. */
  static final int PAGE_WORDS = 512;

  /** Bytes of a page. */
  static final int PAGE_BYTES = PAGE_WORDS * Long.BYTES;

  private final NavigableMap<Long, long[]> pages = new TreeMap<>();

  /**
   * Adds a page.
   *
   * @param pa its physical address, a multiple of {@link #PAGE_BYTES} below 2^52
   * @param words its {@link #PAGE_WORDS} words
   * @return false if there is a page already
   */
  boolean add(long pa, long[] words) {
    return pages.putIfAbsent(pa, words.clone()) == null;
  }

  /** Bytes that {@link #memory} takes: whole banks. */
  long memoryBytes() {
    long banks =
        pages.keySet().stream().map(pa -> pa / PhysicalMemory.BANK_BYTES).distinct().count();
    return banks * PhysicalMemory.BANK_BYTES;
  }

  /** Memory that holds the pages. They alone are RAM, so any other access ends in EIO. */
  PhysicalMemory memory() {
    var memory = new PhysicalMemory(regions());
    for (Map.Entry<Long, long[]> page : pages.entrySet()) {
      long[] words = page.getValue();
      for (int i = 0; i < words.length; i++) {
        memory.write64(page.getKey() + (long) i * Long.BYTES, words[i]);
      }
    }
    return memory;
  }

  /** The pages, neighbours in one region. */
  private List<Region> regions() {
    List<Region> regions = new ArrayList<>();
    for (long pa : pages.keySet()) {
      if (!regions.isEmpty() && regions.getLast().last() + 1 == pa) {
        Region before = regions.removeLast();
        regions.add(new Region(before.base(), before.size() + PAGE_BYTES));
      } else {
        regions.add(new Region(pa, PAGE_BYTES));
      }
    }
    return regions;
  }
}
