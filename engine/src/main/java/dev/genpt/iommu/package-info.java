/**
 * The operations on an IOMMU domain, the same for every format: map, unmap, translate, dirty
 * tracking, a growing root.
 *
 * <pre>{@code
 * PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(64));
 * IommuDomain domain =
 *     IommuDomain.create(
 *         DomainConfig.of(Amdv1.DEFINITION, pages)
 *             .features(Feature.DYNAMIC_TOP, Amdv1.ENCRYPT_TABLES, Amdv1.FORCE_COHERENCE)
 *             .topLevel(2));
 * domain.map(0x40201000L, 0x12345000L, 0x1000L, Protection.READ_WRITE);
 * long pa = domain.iovaToPhys(0x40201234L); // 0x12345234
 * }</pre>
 */
@NullMarked
package dev.genpt.iommu;

import org.jspecify.annotations.NullMarked;
