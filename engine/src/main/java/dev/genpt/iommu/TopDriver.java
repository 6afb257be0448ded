package dev.genpt.iommu;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The part of a driver that lets the root grow while hardware walks it (upstream: {@code
 * pt_iommu_driver_ops}).
 *
 * <p>Threads: any that maps may ask for the lock, and calls {@link #changeTop} while it holds it.
 */
public interface TopDriver {
  /** A driver without hardware: any root will do. */
  static TopDriver withoutHardware() {
    Lock lock = new ReentrantLock();
    return new TopDriver() {
      @Override
      public Lock topLock() {
        return lock;
      }

      @Override
      public void changeTop(long root, int topLevel) {}
    };
  }

  /**
   * The lock under which the root changes. Whoever reads the root to program a device holds it too,
   * so that no device misses a change.
   */
  Lock topLock();

  /**
   * Makes all hardware use the new root before it returns. Called with {@link #topLock} held; must
   * not wait for anything that needs the domain.
   *
   * @param root physical address of the new root
   * @param topLevel its level
   */
  void changeTop(long root, int topLevel);
}
