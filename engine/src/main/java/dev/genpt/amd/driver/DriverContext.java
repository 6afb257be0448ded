package dev.genpt.amd.driver;

import dev.genpt.memory.PageAllocator;

/**
 * What all parts of one driver share.
 *
 * @param pages where tables and rings come from
 * @param features what every IOMMU of the machine can do
 * @param npCache true if an IOMMU caches what is not present
 * @param deviceIotlbs true if every IOMMU lets devices keep translations
 * @param cpuHasFiveLevels true if the CPU pages with five levels
 * @param pageSizes sizes that domains may use, as a bitmap
 * @param ids identifiers of domains
 * @param writer writes device table entries
 * @param invalidations tells hardware to forget
 * @param blocked the domain of devices that have none
 */
record DriverContext(
    PageAllocator pages,
    IommuFeatures features,
    boolean npCache,
    boolean deviceIotlbs,
    boolean cpuHasFiveLevels,
    long pageSizes,
    DomainIds ids,
    DeviceTableWriter writer,
    Invalidations invalidations,
    Domain blocked) {
  /** Levels of every guest table. */
  int guestLevels() {
    return features.guestLevels(cpuHasFiveLevels);
  }
}
