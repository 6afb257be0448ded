package dev.genpt.amd.driver;

/**
 * A device that uses a paging domain's table, and under which tag its translations are cached.
 *
 * @param device the device
 * @param domainId the tag
 * @param space what the addresses of the table are to the caches
 * @param nested true if a guest's tables lie over it, so that its addresses are not the device's
 */
record Attachment(PciDevice device, int domainId, InvalidationSpace space, boolean nested) {
  /** What one invalidation command reaches: several devices may have the same. */
  record Tag(Iommu iommu, int domainId, InvalidationSpace space) {}

  Tag tag() {
    return new Tag(device.iommu(), domainId, space);
  }
}
