package dev.genpt.amd.hardware;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * How many entries the caches of an IOMMU hold, and which one goes when another needs its place.
 *
 * @param deviceEntries device table entries; 0 for no cache
 * @param walkEntries table pointers; 0 for no cache
 * @param translations translations of the IOTLB; 0 for no cache
 * @param replacement which entry goes
 */
public record CacheConfig(
    int deviceEntries, int walkEntries, int translations, Replacement replacement) {
  /** Which entry goes. */
  public enum Replacement {
    /** The one that came first. */
    FIRST_IN,
    /** The one that was not used for the longest time. */
    LEAST_RECENTLY_USED
  }

  /** A size that is never reached: an entry stays until it is invalidated. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  /**
   * Everything is kept for as long as the specification allows: a forgotten invalidation shows as a
   * stale access, at once and every time.
   */
  public static final CacheConfig ADVERSARIAL =
      new CacheConfig(UNBOUNDED, UNBOUNDED, UNBOUNDED, Replacement.FIRST_IN);

  /** Nothing is kept: every request reads memory. */
  public static final CacheConfig NONE = new CacheConfig(0, 0, 0, Replacement.FIRST_IN);

  /** About the sizes of a real part. */
  public static final CacheConfig TYPICAL =
      new CacheConfig(64, 64, 512, Replacement.LEAST_RECENTLY_USED);

  /**
   * Checks the sizes.
   *
   * @throws IommuException EINVAL if one is negative
   */
  public CacheConfig {
    if (deviceEntries < 0 || walkEntries < 0 || translations < 0) {
      throw new IommuException(
          Errno.EINVAL,
          "cache sizes %d, %d, %d: need 0 or more"
              .formatted(deviceEntries, walkEntries, translations));
    }
  }
}
