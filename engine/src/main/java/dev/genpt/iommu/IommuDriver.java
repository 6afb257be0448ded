package dev.genpt.iommu;

import dev.genpt.table.IotlbGather;

/**
 * The hardware side of a domain: who invalidates caches when the table changed (upstream: {@code
 * iommu_domain_ops}).
 *
 * <p>Called by whichever thread runs the operation, several at a time for disjoint ranges. A
 * callback must not call map or unmap of the same domain.
 */
public interface IommuDriver {
  /** No hardware looks at the table: nothing to invalidate. */
  IommuDriver NONE =
      new IommuDriver() {
        @Override
        public void iotlbSync(IommuDomain domain, IotlbGather gather) {}

        @Override
        public void flushIotlbAll(IommuDomain domain) {}
      };

  /**
   * Invalidates {@code [gather.start(), gather.end()]}, and cached table pointers too if the
   * gather's free list is not empty, and waits for it. When this returns, the tables on the free
   * list are freed.
   */
  void iotlbSync(IommuDomain domain, IotlbGather gather);

  /** Invalidates everything of the domain and waits for it. */
  void flushIotlbAll(IommuDomain domain);

  /**
   * Tells that {@code [iova, iova + length)} was mapped, for hardware that caches what is not
   * present.
   */
  default void iotlbSyncMap(IommuDomain domain, long iova, long length) {}
}
