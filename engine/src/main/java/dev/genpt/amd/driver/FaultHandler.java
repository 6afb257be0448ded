package dev.genpt.amd.driver;

/**
 * Whoever wants to know of the page faults of a domain before the log does.
 *
 * <p>Threads: called by the thread of the interrupt, one at a time for an IOMMU.
 */
@FunctionalInterface
public interface FaultHandler {
  /** Nobody. */
  FaultHandler NONE = (_, _) -> false;

  /** True if the fault is dealt with and shall not be logged. */
  boolean handle(PciDevice device, LoggedEvent fault);
}
