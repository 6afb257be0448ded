package dev.genpt.iommu;

import dev.genpt.fixture.DomainSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which tables there must be below the root: for every level a set of the granules that tables
 * begin at. A granule is an input address counted in smallest pages.
 *
 * <p>It counts the requests for memory too, and refuses one of them if told so.
 */
final class ModelTables {
  private final DomainSetup setup;
  private final List<NavigableSet<Long>> byLevel = new ArrayList<>();
  private int topLevel;
  private int live = 1;
  private int waiting;
  private long requests;
  private long failing = -1;

  /** No table but the root. */
  ModelTables(DomainSetup setup) {
    this.setup = setup;
    topLevel = setup.topLevel();
    for (int level = 0; level < setup.lastTopLevel(); level++) {
      byLevel.add(new TreeSet<>());
    }
  }

  int topLevel() {
    return topLevel;
  }

  /** Tables that the root leads to, and those that wait for an invalidation. */
  int held() {
    return live + waiting;
  }

  /** Requests for memory so far. */
  long requests() {
    return requests;
  }

  /** Makes the n-th request from now on fail; none for 0. */
  void failRequest(long n) {
    failing = n == 0 ? -1 : requests + n;
  }

  private boolean request() {
    requests++;
    return requests != failing;
  }

  private long start(int level, long granule) {
    return granule & -(1L << (setup.itemSizeLg2(level + 1) - setup.granuleLg2()));
  }

  /** Puts roots on top up to {@code level}; false if memory fails, and then there is none. */
  boolean grow(int level) {
    for (int i = topLevel; i < level; i++) {
      if (!request()) {
        return false;
      }
    }
    for (; topLevel < level; topLevel++) {
      byLevel.get(topLevel).add(0L);
      live++;
    }
    return true;
  }

  /**
   * Makes the tables that lead to the one of {@code level} for a granule, from the top down; false
   * if memory fails, and then those above stay.
   */
  boolean makePath(int level, long granule) {
    for (int at = topLevel - 1; at >= level; at--) {
      NavigableSet<Long> tables = byLevel.get(at);
      long start = start(at, granule);
      if (!tables.contains(start)) {
        if (!request()) {
          return false;
        }
        tables.add(start);
        live++;
      }
    }
    return true;
  }

  /** Takes all tables below {@code level} for granules [from, to) off; how many. */
  int retire(int level, long from, long to) {
    int retired = 0;
    for (int at = 0; at < level; at++) {
      retired += retireAt(at, from, to);
    }
    return retired;
  }

  private int retireAt(int level, long from, long to) {
    NavigableSet<Long> tables = byLevel.get(level).subSet(from, true, to, false);
    int retired = tables.size();
    tables.clear();
    live -= retired;
    waiting += retired;
    return retired;
  }

  /** Takes all tables off whose granules lie in [from, to), whole; how many. */
  int retireCovered(long from, long to) {
    int retired = 0;
    for (int level = 0; level < topLevel; level++) {
      long span = 1L << (setup.itemSizeLg2(level + 1) - setup.granuleLg2());
      long firstWhole = start(level, from + span - 1);
      long endOfWhole = start(level, to);
      if (firstWhole < endOfWhole) {
        retired += retireAt(level, firstWhole, endOfWhole);
      }
    }
    return retired;
  }

  /** True if there is a table below the item of {@code level} that begins at a granule. */
  boolean isTable(int level, long granule) {
    return level > 0 && level <= topLevel && byLevel.get(level - 1).contains(granule);
  }

  /** The level of the table that a walk for a granule ends in. */
  int walkEnd(long granule) {
    int level = topLevel;
    while (level > 0 && byLevel.get(level - 1).contains(start(level - 1, granule))) {
      level--;
    }
    return level;
  }

  /** Frees tables that waited. */
  void free(int count) {
    waiting -= count;
  }
}
