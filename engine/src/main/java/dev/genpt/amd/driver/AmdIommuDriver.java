package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PageOwner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The driver of all AMD IOMMUs of a machine.
 *
 * <p>It hands out address spaces: none, physical addresses, host (v1) or guest (v2) page tables;
 * {@link PciDevice#attach} gives one to a device.
 *
 * <p>Threads: started by one; then any.
 */
public final class AmdIommuDriver {
  private final DriverContext context;
  private final DriverConfig config;
  private final PageOwner owner;
  private final IdentityDomain identity;
  private final List<Iommu> iommus = new ArrayList<>();
  private final Map<Integer, DeviceTable> tables = new HashMap<>();
  private final Map<Integer, PciDevice> devices = new HashMap<>();

  private AmdIommuDriver(DriverConfig config, Seams seams) {
    this.config = config;
    PageAllocator pages = config.pages;
    owner = pages.newOwner("AMD IOMMU driver");
    EventReport report = new EventReport(config, new Known());
    for (IommuConfig each : config.iommus) {
      iommus.add(new Iommu(each, pages, owner, config.clock, report));
    }
    boolean npCache = iommus.stream().anyMatch(Iommu::hasNpCache);
    context =
        new DriverContext(
            pages,
            commonFeatures(),
            npCache,
            iommus.stream().allMatch(Iommu::hasDeviceIotlbs),
            config.cpuHasFiveLevels,
            config.pageSizes,
            new DomainIds(),
            seams.writer(pages),
            seams.invalidations(npCache),
            new BlockedDomain());
    identity = new IdentityDomain(context);
  }

  /** The parts that a test may replace, to see what breaks without them. */
  interface Seams {
    /** Those of the product. */
    Seams NONE = new Seams() {};

    default DeviceTableWriter writer(PageAllocator pages) {
      return new DeviceTableWriter(pages.memory());
    }

    default Invalidations invalidations(boolean npCache) {
      return new Invalidations(npCache);
    }
  }

  /**
   * Brings the IOMMUs up. Afterwards every device that firmware names is blocked, or has physical
   * addresses if the configuration says so, and every other requester is refused.
   *
   * @throws IommuException EINVAL for a configuration that can't be; ENOMEM; EIO if an IOMMU does
   *     not answer
   */
  public static AmdIommuDriver start(DriverConfig config) {
    return start(config, Seams.NONE);
  }

  static AmdIommuDriver start(DriverConfig config, Seams seams) {
    if (config.iommus.isEmpty()) {
      throw new IommuException(Errno.EINVAL, "a driver needs at least one IOMMU");
    }
    AmdIommuDriver driver = new AmdIommuDriver(config, seams);
    driver.bringUp();
    return driver;
  }

  private IommuFeatures commonFeatures() {
    return iommus.stream().map(Iommu::features).reduce(IommuFeatures::and).orElseThrow();
  }

  private void bringUp() {
    for (Iommu iommu : iommus) {
      tables.computeIfAbsent(
          iommu.segment(),
          segment -> new DeviceTable(context.pages(), owner, lastDeviceId(segment)));
    }
    for (Iommu iommu : iommus) {
      new BringUp(iommu, tableOf(iommu.segment())).run(context.invalidations());
    }
    for (Iommu iommu : iommus) {
      iommu.config().devices.forEach(device -> boot(iommu, device));
    }
    tables.values().forEach(this::enforce);
    for (Iommu iommu : iommus) {
      context.invalidations().everything(iommu, tableOf(iommu.segment()), context.ids().bound());
      iommu.turnOn(Register.CONTROL_EVENT_INTERRUPT);
    }
  }

  private int lastDeviceId(int segment) {
    int last = 0;
    for (IommuConfig each : config.iommus) {
      if (each.segment == segment) {
        last = Math.max(last, Math.max(each.deviceId, each.lastDeviceId));
        for (DeviceConfig device : each.devices) {
          last = Math.max(last, device.deviceId);
          for (int alias : device.aliases) {
            last = Math.max(last, alias);
          }
        }
      }
    }
    return last;
  }

  private void boot(Iommu iommu, DeviceConfig each) {
    PciDevice device = new PciDevice(context, iommu, tableOf(iommu.segment()), each);
    if (devices.putIfAbsent(key(iommu.segment(), each.deviceId), device) != null) {
      throw new IommuException(Errno.EINVAL, "device %s is named twice".formatted(device));
    }
    device.boot(config.bootIdentity ? identity : context.blocked());
  }

  /** From now on, what no entry allows is refused. */
  private void enforce(DeviceTable table) {
    DeviceTableWriter writer = context.writer();
    boolean translation = !context.features().hasSnp();
    for (int id = 0; id < table.size(); id++) {
      long pa = table.entry(id);
      writer.storeFirstWord(pa, writer.read(pa).enforced(translation));
    }
  }

  private DeviceTable tableOf(int segment) {
    DeviceTable table = tables.get(segment);
    if (table == null) {
      throw new IommuException(Errno.ENODEV, "no IOMMU serves PCI segment %#x".formatted(segment));
    }
    return table;
  }

  private static int key(int segment, int deviceId) {
    return segment << 16 | deviceId;
  }

  // ---- What there is

  /** The IOMMUs, in the order of the configuration. */
  public List<Iommu> iommus() {
    return List.copyOf(iommus);
  }

  /**
   * A device that firmware named.
   *
   * @throws IommuException ENODEV for another
   */
  public PciDevice device(int segment, int deviceId) {
    PciDevice device = devices.get(key(segment, deviceId));
    if (device == null) {
      throw new IommuException(
          Errno.ENODEV, "no device %s".formatted(RequesterId.describe(segment, deviceId)));
    }
    return device;
  }

  /** What every IOMMU of the machine can do. */
  public IommuFeatures features() {
    return context.features();
  }

  // ---- Address spaces

  /** Physical addresses, for devices that are trusted. */
  public Domain identity() {
    return identity;
  }

  /**
   * An empty address space with a host page table.
   *
   * @throws IommuException EOPNOTSUPP if the IOMMUs walk none; ENOSPC, ENOMEM
   */
  public V1Domain newV1Domain() {
    return new V1Domain(context);
  }

  /**
   * An empty address space with a guest page table.
   *
   * @throws IommuException EOPNOTSUPP if the IOMMUs walk none; ENOMEM
   */
  public V2Domain newV2Domain() {
    return new V2Domain(context);
  }

  /**
   * Begins the command ring of an IOMMU anew, after an illegal command or a hardware error stopped
   * it. What was in the ring is lost, so everything is forgotten.
   */
  public void restartCommands(Iommu iommu) {
    DeviceTable table = tableOf(iommu.segment());
    new BringUp(iommu, table).restartCommands();
    devices.values().stream()
        .filter(device -> device.iommu().equals(iommu))
        .forEach(context.invalidations()::deviceRestarted);
    context.invalidations().everything(iommu, table, context.ids().bound());
  }

  /** What messages tell of. */
  private final class Known implements EventReport.Devices {
    @Override
    public Optional<PciDevice> find(int segment, int deviceId) {
      return Optional.ofNullable(devices.get(key(segment, deviceId)));
    }

    @Override
    public DeviceTableEntry entryOf(int segment, int deviceId) {
      DeviceTable table = tableOf(segment);
      return deviceId < table.size()
          ? context.writer().read(table.entry(deviceId))
          : DeviceTableEntry.EMPTY;
    }

    @Override
    public Optional<Command> commandAt(long pa) {
      boolean readable = pa % 16 == 0 && context.pages().memory().isRam(pa, 16);
      return readable
          ? Optional.of(
              new Command(
                  context.pages().memory().read64(pa), context.pages().memory().read64(pa + 8)))
          : Optional.empty();
    }
  }
}
