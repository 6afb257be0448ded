package dev.genpt.iommu;

/**
 * Writes table memory back from the CPU caches, for a hardware walker that does not look into them
 * (upstream: {@code iommu_pages_flush_incoherent}).
 *
 * <p>Called by whichever thread changed the memory, possibly several for the same words; a
 * write-back too many does no harm.
 */
@FunctionalInterface
public interface TableFlusher {
  /**
   * Makes {@code [pa, pa + bytes)} visible to the walker before it returns.
   *
   * @param bytes may be 0
   */
  void flush(long pa, int bytes);
}
