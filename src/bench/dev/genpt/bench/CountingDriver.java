package dev.genpt.bench;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.iommu.IommuDriver;
import dev.genpt.iommu.TopDriver;
import dev.genpt.legacy.LegacyDriver;
import dev.genpt.legacy.LegacyGather;
import dev.genpt.table.IotlbGather;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A driver without hardware that counts the invalidations it is asked for, in either form. */
final class CountingDriver implements IommuDriver, TopDriver {
  private final LongAdder invalidations = new LongAdder();
  private final Lock lock = new ReentrantLock();

  /** Invalidations so far. */
  long invalidations() {
    return invalidations.sum();
  }

  @Override
  public void iotlbSync(IommuDomain domain, IotlbGather gather) {
    invalidations.increment();
  }

  @Override
  public void flushIotlbAll(IommuDomain domain) {
    invalidations.increment();
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
        invalidations.increment();
      }
    };
  }
}
