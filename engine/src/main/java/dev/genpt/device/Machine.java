package dev.genpt.device;

import dev.genpt.amd.driver.AmdIommuDriver;
import dev.genpt.amd.driver.DeviceConfig;
import dev.genpt.amd.driver.DmaConfig;
import dev.genpt.amd.driver.DmaMapper;
import dev.genpt.amd.driver.DriverConfig;
import dev.genpt.amd.driver.IommuConfig;
import dev.genpt.amd.driver.LoggedEvent;
import dev.genpt.amd.driver.Mmio;
import dev.genpt.amd.driver.PagingDomain;
import dev.genpt.amd.hardware.AmdIommu;
import dev.genpt.amd.hardware.Interrupt;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * A small computer: memory, an AMD IOMMU whose caches keep all they may, its driver, and two
 * devices behind it, a network card 03:00.0 and a drive 04:00.0, each with an address space of its
 * own.
 *
 * <p>Nothing happens by itself: a run depends on the configuration alone.
 *
 * <p>Threads: one at a time.
 */
public final class Machine {
  /** Requester ID of the network card. */
  public static final int NIC_ID = 0x0300;

  /** Requester ID of the drive. */
  public static final int DRIVE_ID = 0x0400;

  private static final int MEBIBYTES = 32;

  private final MachineConfig config;
  private final PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(MEBIBYTES));
  private final Trace trace = new Trace();
  private final List<String> kernelLog = new ArrayList<>();
  private final List<LoggedEvent> events = new ArrayList<>();
  private final List<byte[]> wire = new ArrayList<>();
  private final AmdIommu iommu;
  private final MachineClock clock;
  private final AmdIommuDriver driver;
  private final HostDma nicDma;
  private final HostDma driveDma;
  private final Nic nic;
  private final NvmeDrive drive;

  /** A machine that has just started; its devices are idle. */
  public Machine(MachineConfig config) {
    this.config = config;
    iommu = new AmdIommu(pages.memory());
    clock = new MachineClock(iommu::runCommands);
    driver =
        AmdIommuDriver.start(
            DriverConfig.of(pages)
                .clock(clock)
                .log(kernelLog::add)
                .onEvent((_, event) -> events.add(event))
                .iommu(
                    IommuConfig.of("ivhd0", registers())
                        .device(DeviceConfig.of(NIC_ID).driverName("nic"))
                        .device(DeviceConfig.of(DRIVE_ID).driverName("nvme"))));
    iommu.onInterrupt(interrupt -> {
      if (interrupt == Interrupt.EVENT_LOG) {
        driver.iommus().getFirst().interrupt();
      }
    });
    nic = new Nic(NIC_ID, iommu, pages.memory(), trace, wire::add);
    drive = new NvmeDrive(DRIVE_ID, iommu, pages.memory(), trace, config.seed());
    nicDma = attach(nic, NIC_ID);
    driveDma = attach(drive, DRIVE_ID);
  }

  private Mmio registers() {
    return new Mmio() {
      @Override
      public long read64(int offset) {
        return iommu.read64(offset);
      }

      @Override
      public void write64(int offset, long value) {
        iommu.write64(offset, value);
      }
    };
  }

  private HostDma attach(DmaDevice device, int deviceId) {
    PagingDomain domain =
        switch (config.domain()) {
          case V1 -> driver.newV1Domain();
          case V2 -> driver.newV2Domain();
        };
    driver.device(0, deviceId).attach(domain);
    DmaConfig mapping = DmaConfig.of(domain).clock(clock);
    DmaMapper mapper = DmaMapper.create(config.lazy() ? mapping.lazy() : mapping);
    return new HostDma(device.name(), mapper, pages, trace);
  }

  // ---- What it has

  /** How it was made. */
  public MachineConfig config() {
    return config;
  }

  /** The IOMMU, which counts what it does. */
  public AmdIommu iommu() {
    return iommu;
  }

  /** The IOMMU's driver. */
  public AmdIommuDriver driver() {
    return driver;
  }

  /** The network card. */
  public Nic nic() {
    return nic;
  }

  /** The drive. */
  public NvmeDrive drive() {
    return drive;
  }

  /** Memory as the network card's driver has it. */
  public HostDma nicDma() {
    return nicDma;
  }

  /** Memory as the drive's driver has it. */
  public HostDma driveDma() {
    return driveDma;
  }

  /** Physical memory. */
  public PhysicalMemory memory() {
    return pages.memory();
  }

  // ---- What has happened

  /** What drivers mapped and devices did. */
  public Trace trace() {
    return trace;
  }

  /** The lines of the kernel log. */
  public List<String> kernelLog() {
    return List.copyOf(kernelLog);
  }

  /** The events that the IOMMU logged. */
  public List<LoggedEvent> events() {
    return List.copyOf(events);
  }

  /** Takes the frames that the network card has sent since the last call. */
  public List<byte[]> takeSentFrames() {
    List<byte[]> frames = List.copyOf(wire);
    wire.clear();
    return frames;
  }

  // ---- Time

  /** Lets time pass, and what is due then happen. */
  public void elapse(long microseconds) {
    clock.advance(microseconds);
    nicDma.mapper().runTimers();
    driveDma.mapper().runTimers();
  }
}
