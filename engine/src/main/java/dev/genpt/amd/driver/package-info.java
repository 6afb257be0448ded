/**
 * The driver of AMD IOMMUs: it brings them up, gives devices their address spaces and keeps what
 * the hardware caches true.
 *
 * <p>It knows the hardware as Linux does: tables and rings in physical memory, and a window of
 * registers.
 *
 * <pre>{@code
 * PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(64));
 * AmdIommu chip = new AmdIommu(pages.memory());
 * Mmio registers =
 *     new Mmio() {
 *       public long read64(int offset) { return chip.read64(offset); }
 *       public void write64(int offset, long value) { chip.write64(offset, value); }
 *     };
 * AmdIommuDriver driver =
 *     AmdIommuDriver.start(
 *         DriverConfig.of(pages)
 *             .clock(DriverClock.simulated(chip::runCommands))
 *             .iommu(IommuConfig.of("ivhd0", registers).device(DeviceConfig.of(0x0300))));
 * V1Domain addresses = driver.newV1Domain();
 * driver.device(0, 0x0300).attach(addresses);
 * DmaMapper dma = DmaMapper.create(DmaConfig.of(addresses));
 * long address = dma.map(0x12345678L, 0x100, DmaDirection.TO_DEVICE); // 0xfffff678
 * }</pre>
 */
@NullMarked
package dev.genpt.amd.driver;

import org.jspecify.annotations.NullMarked;
