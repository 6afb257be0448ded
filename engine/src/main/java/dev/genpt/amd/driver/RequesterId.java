package dev.genpt.amd.driver;

/**
 * How a PCI function is written: segment, bus, device, function; the last three are its requester
 * ID. Stateless.
 */
final class RequesterId {
  private RequesterId() {}

  /** For example {@code 0000:03:00.0}. */
  static String describe(int segment, int deviceId) {
    return "%04x:%02x:%02x.%x"
        .formatted(segment, deviceId >>> 8 & 0xff, deviceId >>> 3 & 0x1f, deviceId & 7);
  }
}
