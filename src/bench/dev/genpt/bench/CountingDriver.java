package dev.genpt.bench;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.IommuDriver;
import dev.genpt.iommu.TopDriver;
import dev.genpt.legacy.LegacyDriver;
import dev.genpt.legacy.LegacyGather;
import dev.genpt.table.IotlbGather;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A driver without hardware that counts the invalidations it is asked for, in either form. */
final class CountingDriver implements IommuDriver, TopDriver {
  private static final int PLACES = 16;

  /** Slots between two places, so that two threads do not share a cache line. */
  private static final int SPACING = 16;

  private final long[] invalidations = new long[PLACES * SPACING];
  private final Lock lock = new ReentrantLock();

  /** Invalidations so far, exact if no more threads than places came at once. */
  long invalidations() {
    return Arrays.stream(invalidations).sum();
  }

  private void count() {
    invalidations[(int) (Thread.currentThread().threadId() % PLACES) * SPACING]++;
  }

  @Override
  public void iotlbSync(IommuDomain domain, IotlbGather gather) {
    count();
  }

  @Override
  public void flushIotlbAll(IommuDomain domain) {
    count();
  }

  @Override
  public Lock topLock() {
    return lock;
  }

  @Override
  public void changeTop(long root, int topLevel) {}

  /** The same driver, as an old engine sees it. */
  LegacyDriver legacy() {
    return new LegacyDriver() {
      @Override
      public void iotlbSync(LegacyGather gather) {
        count();
      }
    };
  }
}
