package dev.genpt.amd.driver;

import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A driver over {@link RecordedIommu}s: the first serves 03:00.0 with the alias 03:00.1, and
 * 04:00.0 with ATS and PASIDs; the second 81:00.0.
 */
final class RecordedMachine {
  static final int NIC = 0x0300;
  static final int NIC_ALIAS = 0x0301;
  static final int GPU = 0x0400;
  static final int DISK = 0x8100;

  final PhysicalMemory memory = PhysicalMemory.ofMebibytes(64);
  final PageAllocator pages = new PageAllocator(memory);
  final RecordedIommu first;
  final RecordedIommu second;
  final List<String> log = new ArrayList<>();
  final AmdIommuDriver driver;

  RecordedMachine() {
    this(RecordedIommu.DEVICE_IOTLBS, config -> config, AmdIommuDriver.Seams.NONE);
  }

  RecordedMachine(int capability, UnaryOperator<DriverConfig> change, AmdIommuDriver.Seams seams) {
    first = new RecordedIommu(memory);
    second = new RecordedIommu(memory);
    driver =
        AmdIommuDriver.start(
            change.apply(
                DriverConfig.of(pages)
                    .clock(DriverClock.simulated(() -> {}))
                    .log(log::add)
                    .iommu(
                        IommuConfig.of("ivhd0", first)
                            .capability(capability)
                            .device(DeviceConfig.of(NIC).driverName("nic").alias(NIC_ALIAS))
                            .device(
                                DeviceConfig.of(GPU)
                                    .driverName("gpu")
                                    .ats(32, on -> first.note("ats " + (on ? "on" : "off")))
                                    .pasids(0x1000)))
                    .iommu(
                        IommuConfig.of("ivhd1", second)
                            .at(0, 0x8002)
                            .capability(capability)
                            .device(DeviceConfig.of(DISK).driverName("disk")))),
            seams);
    take();
  }

  PciDevice nic() {
    return driver.device(0, NIC);
  }

  PciDevice gpu() {
    return driver.device(0, GPU);
  }

  PciDevice disk() {
    return driver.device(0, DISK);
  }

  /** What the first IOMMU was told since the last call; what the second was told is forgotten. */
  List<String> take() {
    second.take();
    return first.take();
  }
}
