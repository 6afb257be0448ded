package dev.genpt.amd.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * What the driver is told of a PCI function behind an IOMMU, by firmware and by the function's own
 * capabilities; to be filled in and given to {@link IommuConfig#device}.
 *
 * <p>Starts with no aliases, no ATS and no PASIDs. Not thread-safe.
 */
public final class DeviceConfig {
  final int deviceId;
  String driverName = "pci";
  final List<Integer> aliases = new ArrayList<>();
  int atsQueueDepth;
  AtsSwitch atsSwitch = _ -> {};
  int pasids = 1;
  long firmwareQ1;
  long firmwareQ2;

  private DeviceConfig(int deviceId) {
    this.deviceId = deviceId;
  }

  /**
   * A function.
   *
   * @param deviceId its requester ID: bus in 15:8, device in 7:3, function in 2:0
   */
  public static DeviceConfig of(int deviceId) {
    return new DeviceConfig(deviceId);
  }

  /** The name of the function's driver, for messages. */
  public DeviceConfig driverName(String name) {
    driverName = name;
    return this;
  }

  /** Another requester ID under which the function may appear; its entry is kept the same. */
  public DeviceConfig alias(int requesterId) {
    aliases.add(requesterId);
    return this;
  }

  /**
   * The function can keep translations itself.
   *
   * @param queueDepth invalidations that it accepts at once, 1 to 255
   * @param toggle turns it on and off
   */
  public DeviceConfig ats(int queueDepth, AtsSwitch toggle) {
    atsQueueDepth = queueDepth;
    atsSwitch = toggle;
    return this;
  }

  /** The function can send PASIDs 0 to {@code count - 1}. */
  public DeviceConfig pasids(int count) {
    pasids = count;
    return this;
  }

  /**
   * Bits of the device table entry that firmware wants kept: system management in word 1, interrupt
   * pass bits in word 2; others are dropped.
   */
  public DeviceConfig firmwareEntry(long q1, long q2) {
    firmwareQ1 = q1;
    firmwareQ2 = q2;
    return this;
  }
}
