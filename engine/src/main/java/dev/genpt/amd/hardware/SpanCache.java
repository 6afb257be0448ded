package dev.genpt.amd.hardware;

import dev.genpt.bits.Log2;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A cache of values that hold for naturally aligned spans of input addresses: translations, by
 * their page, or table pointers, by what the table spans. The tag is the DomainID, not the device.
 *
 * <p>Threads: any thread may get and put; the drops are for one that keeps all others out.
 */
final class SpanCache<V> {
  /** In place of a PASID: the address is not a guest's. */
  static final int HOST = -1;

  /**
   * What an entry is found by.
   *
   * @param block the input address, shifted right by {@code spanLg2}
   */
  private record Key(int domainId, int pasid, int spanLg2, long block) {
    boolean isIn(int domain, int space, AddressBlock dropped) {
      return domainId == domain
          && pasid == space
          && spanLg2 <= dropped.sizeLg2()
          && dropped.holds(block << spanLg2);
    }
  }

  private final CacheStore<Key, V> store;

  /** Bit n: there may be entries of span 2^n. */
  private final AtomicLong spans = new AtomicLong();

  /** DomainIDs that may have entries of guests. */
  private final Set<Integer> guests = ConcurrentHashMap.newKeySet();

  SpanCache(int capacity, CacheConfig.Replacement replacement) {
    store = new CacheStore<>(capacity, replacement);
  }

  /** The value for the span of 2^{@code spanLg2} that holds {@code address}. */
  @Nullable V get(int domainId, int pasid, int spanLg2, long address) {
    return store.get(new Key(domainId, pasid, spanLg2, address >>> spanLg2));
  }

  /** The value for the smallest span that holds {@code address}. */
  @Nullable V find(int domainId, int pasid, long address) {
    for (long left = spans.get(); left != 0; left &= left - 1) {
      V found = get(domainId, pasid, Long.numberOfTrailingZeros(left), address);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Keeps a value; {@code spanLg2} is in 0..63. */
  void put(int domainId, int pasid, int spanLg2, long address, V value) {
    long span = 1L << spanLg2;
    if ((spans.get() & span) == 0) {
      spans.getAndUpdate(mask -> mask | span);
    }
    if (pasid != HOST) {
      guests.add(domainId);
    }
    store.put(new Key(domainId, pasid, spanLg2, address >>> spanLg2), value);
  }

  /** Forgets what lies in a block and is no larger than it, and tells how many. */
  int drop(int domainId, int pasid, AddressBlock block) {
    if (block.isEverything() || entriesOf(block) > store.size()) {
      return store.removeIf(key -> key.isIn(domainId, pasid, block));
    }
    int dropped = 0;
    for (long left = spans.get(); left != 0; left &= left - 1) {
      int spanLg2 = Long.numberOfTrailingZeros(left);
      for (long i = 0;
          i < Log2.toValue(block.sizeLg2() - spanLg2) && spanLg2 <= block.sizeLg2();
          i++) {
        Key key = new Key(domainId, pasid, spanLg2, (block.first() >>> spanLg2) + i);
        dropped += store.remove(key) ? 1 : 0;
      }
    }
    return dropped;
  }

  /** How many entries a block may have at most, about. */
  private long entriesOf(AddressBlock block) {
    return Log2.toValue(block.sizeLg2() - Math.min(Log2.ffs(spans.get()), block.sizeLg2()));
  }

  /** Forgets all entries of guests of a domain, and tells how many. */
  int dropGuests(int domainId) {
    return guests.remove(domainId)
        ? store.removeIf(key -> key.domainId == domainId && key.pasid != HOST)
        : 0;
  }

  /** Forgets everything, and tells how many. */
  int clear() {
    guests.clear();
    return store.removeIf(_ -> true);
  }
}
