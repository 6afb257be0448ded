package dev.genpt.device;

/**
 * How a {@link Machine} is to be. Immutable.
 *
 * @param seed of everything random: two machines with the same configuration do the same
 * @param domain page table of each device's address space
 * @param lazy true to invalidate what was unmapped later, many at a time
 */
public record MachineConfig(long seed, DomainKind domain, boolean lazy) {
  /** Host tables, and invalidations before an unmap returns. */
  public static MachineConfig seeded(long seed) {
    return new MachineConfig(seed, DomainKind.V1, false);
  }

  /** The same with another kind of page table. */
  public MachineConfig with(DomainKind kind) {
    return new MachineConfig(seed, kind, lazy);
  }

  /** The same with invalidations later. */
  public MachineConfig inLazyMode() {
    return new MachineConfig(seed, domain, true);
  }
}
