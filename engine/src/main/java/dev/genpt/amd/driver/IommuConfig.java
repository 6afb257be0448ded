package dev.genpt.amd.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * What the driver is told of one IOMMU by firmware; to be filled in and given to {@link
 * DriverConfig#iommu}.
 *
 * <p>Starts in PCI segment 0 as 00:00.2, with a capability header that says nothing. Not
 * thread-safe.
 */
public final class IommuConfig {
  final String name;
  final Mmio registers;
  int segment;
  int deviceId = 2;
  int capability;
  long firmwareControl;
  int lastDeviceId;
  final List<DeviceConfig> devices = new ArrayList<>();

  private IommuConfig(String name, Mmio registers) {
    this.name = name;
    this.registers = registers;
  }

  /**
   * An IOMMU.
   *
   * @param name for messages, for example {@code ivhd0}
   * @param registers its register window
   */
  public static IommuConfig of(String name, Mmio registers) {
    return new IommuConfig(name, registers);
  }

  /** The PCI segment that it serves, and its own requester ID there. */
  public IommuConfig at(int pciSegment, int requesterId) {
    segment = pciSegment;
    deviceId = requesterId;
    return this;
  }

  /** The header of its PCI capability: bit 24 device IOTLBs, bit 26 NpCache. */
  public IommuConfig capability(int header) {
    capability = header;
    return this;
  }

  /** HtTunEn, PassPW, ResPassPW and Isoc of the control register, as firmware wants them. */
  public IommuConfig firmwareControl(long bits) {
    firmwareControl = bits;
    return this;
  }

  /** The highest requester ID that firmware names, where that is not a device's. */
  public IommuConfig lastDeviceId(int requesterId) {
    lastDeviceId = requesterId;
    return this;
  }

  /** A function behind it. */
  public IommuConfig device(DeviceConfig device) {
    devices.add(device);
    return this;
  }
}
