package dev.genpt.amd.driver;

import dev.genpt.amd.hardware.Access;
import dev.genpt.amd.hardware.AddressBlock;
import dev.genpt.amd.hardware.AmdIommu;
import dev.genpt.amd.hardware.AtsDevice;
import dev.genpt.amd.hardware.CacheConfig;
import dev.genpt.amd.hardware.Interrupt;
import dev.genpt.amd.hardware.PageResponse;
import dev.genpt.amd.hardware.Request;
import dev.genpt.amd.hardware.Translation;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * The driver over the hardware model, whose caches keep all they may: two IOMMUs, the first with
 * 03:00.0 (alias 03:00.1) and 04:00.0 (ATS, PASIDs), the second with 81:00.0.
 *
 * <p>Commands are done while the driver waits for them, or when {@link #runCommands} is called.
 */
final class ModelMachine {
  static final int NIC = 0x0300;
  static final int NIC_ALIAS = 0x0301;
  static final int GPU = 0x0400;
  static final int DISK = 0x8100;

  /** The answer of {@link #access} for what is refused. */
  static final long REFUSED = -1;

  final PhysicalMemory memory = PhysicalMemory.ofMebibytes(128);
  final PageAllocator pages = new PageAllocator(memory);
  final AmdIommu first;
  final AmdIommu second;
  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final Cache gpuCache = new Cache();
  final AmdIommuDriver driver;

  /** True while another thread runs the commands. */
  volatile boolean hardwareRuns;

  private final DriverClock clock =
      DriverClock.simulated(() -> {
        if (hardwareRuns) {
          LockSupport.parkNanos(1000);
        } else {
          runCommands();
        }
      });

  /** What a device keeps of translations (ATS), without a PASID. */
  final class Cache implements AtsDevice {
    private final Map<Long, Translation.Mapped> kept = new HashMap<>();

    /** Where a read of the device goes, by what it keeps or asks for. */
    synchronized long access(long iova) {
      Request request = Request.of(GPU, iova, Access.READ);
      Translation.Mapped mapped = kept.get(iova);
      if (mapped == null) {
        Translation answer = first.translate(request.as(Request.Kind.TRANSLATION));
        if (!(answer instanceof Translation.Mapped granted) || !granted.readable()) {
          return REFUSED;
        }
        mapped = granted;
        kept.put(iova, granted);
      }
      return ModelMachine.address(
          first.translate(
              Request.of(GPU, mapped.address(), Access.READ).as(Request.Kind.PRETRANSLATED)));
    }

    synchronized void turn(boolean on) {
      if (!on) {
        kept.clear();
      }
    }

    @Override
    public synchronized boolean invalidate(int pasid, AddressBlock block) {
      if (pasid == Request.NO_PASID) {
        kept.keySet().removeIf(block::holds);
      }
      return true;
    }

    @Override
    public void respond(PageResponse response) {}
  }

  ModelMachine(AmdIommuDriver.Seams seams) {
    this(seams, config -> config);
  }

  ModelMachine(AmdIommuDriver.Seams seams, UnaryOperator<DriverConfig> change) {
    this(seams, false, change);
  }

  /** A machine; {@code npCache} for hardware that caches what is not present. */
  ModelMachine(AmdIommuDriver.Seams seams, boolean npCache, UnaryOperator<DriverConfig> change) {
    dev.genpt.amd.hardware.IommuFeatures features =
        dev.genpt.amd.hardware.IommuFeatures.DEFAULT.withNpCache(npCache);
    int capability = RecordedIommu.DEVICE_IOTLBS | (npCache ? RecordedIommu.NP_CACHE : 0);
    first = new AmdIommu(memory, features, CacheConfig.ADVERSARIAL);
    second = new AmdIommu(memory, features, CacheConfig.ADVERSARIAL);
    first.attach(GPU, gpuCache);
    driver =
        AmdIommuDriver.start(
            change
                .apply(DriverConfig.of(pages))
                .clock(clock)
                .log(log::add)
                .iommu(
                    IommuConfig.of("ivhd0", registers(first))
                        .capability(capability)
                        .device(DeviceConfig.of(NIC).driverName("nic").alias(NIC_ALIAS))
                        .device(
                            DeviceConfig.of(GPU)
                                .driverName("gpu")
                                .ats(32, gpuCache::turn)
                                .pasids(0x1000)))
                .iommu(
                    IommuConfig.of("ivhd1", registers(second))
                        .at(0, 0x8002)
                        .capability(capability)
                        .device(DeviceConfig.of(DISK).driverName("disk"))),
            seams);
    first.onInterrupt(interrupt -> interrupt(0, interrupt));
    second.onInterrupt(interrupt -> interrupt(1, interrupt));
  }

  private void interrupt(int iommu, Interrupt interrupt) {
    if (interrupt == Interrupt.EVENT_LOG) {
      driver.iommus().get(iommu).interrupt();
    }
  }

  private static Mmio registers(AmdIommu iommu) {
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

  /** The hardware does the commands that wait; how many. */
  int runCommands() {
    return first.runCommands() + second.runCommands();
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

  /** Where a read goes, or {@link #REFUSED}. */
  long read(int deviceId, long iova) {
    return access(Request.of(deviceId, iova, Access.READ));
  }

  /** Where a write goes, or {@link #REFUSED}. */
  long write(int deviceId, long iova) {
    return access(Request.of(deviceId, iova, Access.WRITE));
  }

  /** Where a read with a PASID goes, or {@link #REFUSED}. */
  long read(int deviceId, int pasid, long iova) {
    return access(Request.of(deviceId, iova, Access.READ).withPasid(pasid));
  }

  long access(Request request) {
    return address((request.deviceId() == DISK ? second : first).translate(request));
  }

  private static long address(Translation translation) {
    return translation instanceof Translation.Mapped mapped ? mapped.address() : REFUSED;
  }
}
