package dev.genpt.device;

/** Which page table a device's address space has. */
public enum DomainKind {
  /** The IOMMU's own: a host table. */
  V1,
  /** The CPU's: a guest table. */
  V2
}
