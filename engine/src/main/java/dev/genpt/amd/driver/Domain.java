package dev.genpt.amd.driver;

/**
 * An address space that a device can be given.
 *
 * <p>Threads: any; see {@link PciDevice#attach} for who may attach when.
 */
public abstract sealed class Domain
    permits BlockedDomain, IdentityDomain, PagingDomain, NestedDomain {
  private volatile FaultHandler faultHandler = FaultHandler.NONE;

  /** A domain whose page faults nobody asks for. */
  Domain() {}

  /** Offers the page faults of this domain's devices to {@code handler} first. */
  public final void onFault(FaultHandler handler) {
    faultHandler = handler;
  }

  final FaultHandler faultHandler() {
    return faultHandler;
  }

  /**
   * Refuses a device that can't have this domain, before it loses the one it has.
   *
   * @throws dev.genpt.error.IommuException EINVAL or EOPNOTSUPP
   */
  void check(PciDevice device) {}

  /** Gives a blocked device this domain; it stays blocked if that fails. Under its lock. */
  abstract void join(PciDevice device);

  /** Takes this domain from a device, which is then blocked. Under its lock. */
  abstract void leave(PciDevice device);
}
