package dev.genpt.amd.hardware;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cache of so many entries, with a rule for which one goes.
 *
 * <p>Threads: any thread may call any method. Without a bound, {@link #get} and {@link #put} take
 * no common lock.
 */
final class CacheStore<K, V> {
  private final ConcurrentHashMap<K, V> entries = new ConcurrentHashMap<>();
  private final int capacity;
  private final boolean byUse;

  /** Keys in the order in which they go; empty without a bound. */
  private final LinkedHashSet<K> order = new LinkedHashSet<>();

  CacheStore(int capacity, CacheConfig.Replacement replacement) {
    this.capacity = capacity;
    byUse = replacement == CacheConfig.Replacement.LEAST_RECENTLY_USED;
  }

  private boolean isBounded() {
    return capacity != CacheConfig.UNBOUNDED;
  }

  /** The value of {@code key}. */
  @Nullable V get(K key) {
    V found = entries.get(key);
    if (found != null && byUse && isBounded()) {
      synchronized (order) {
        if (entries.containsKey(key)) {
          order.addLast(key);
        }
      }
    }
    return found;
  }

  /** Keeps {@code value}, in place of another of the same key. */
  void put(K key, V value) {
    if (!isBounded()) {
      entries.put(key, value);
      return;
    }
    if (capacity == 0) {
      return;
    }
    synchronized (order) {
      if (entries.put(key, value) == null) {
        order.addLast(key);
        if (order.size() > capacity) {
          entries.remove(order.removeFirst());
        }
      }
    }
  }

  /** Forgets {@code key}; true if it was there. */
  boolean remove(K key) {
    if (!isBounded()) {
      return entries.remove(key) != null;
    }
    synchronized (order) {
      order.remove(key);
      return entries.remove(key) != null;
    }
  }

  /** Forgets the keys that {@code leaves} names, and tells how many. */
  int removeIf(Predicate<K> leaves) {
    int removed = 0;
    for (Iterator<K> keys = entries.keySet().iterator(); keys.hasNext(); ) {
      K key = keys.next();
      if (leaves.test(key)) {
        removed += remove(key) ? 1 : 0;
      }
    }
    return removed;
  }

  int size() {
    return entries.size();
  }
}
