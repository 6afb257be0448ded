package dev.genpt.amd.hardware;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;

/**
 * What a device asks of the IOMMU. Immutable.
 *
 * @param deviceId the requester, bus 15:8, device 7:3, function 2:0
 * @param pasid the address space, 0..0xfffff, or {@link #NO_PASID}
 * @param address what the device calls it; any 64 bits
 * @param access what it does, or for a translation request: wants to do
 * @param privileged true for privileged rather than user; counts with a PASID alone
 * @param kind the kind of request
 */
public record Request(
    int deviceId, int pasid, long address, Access access, boolean privileged, Kind kind) {
  /** The kinds of request. */
  public enum Kind {
    /** An access to an address that is yet to be translated. */
    NORMAL,
    /** ATS: the device wants to keep the translation. A write is asked for, or not. */
    TRANSLATION,
    /** ATS: an access to an address that a translation request answered. */
    PRETRANSLATED
  }

  /** In place of a PASID: the request has none. */
  public static final int NO_PASID = -1;

  private static final int DEVICE_ID_LG2 = 16;
  private static final int PASID_LG2 = 20;

  /**
   * Checks the widths.
   *
   * @throws IommuException EINVAL if the DeviceID has more than 16 bits or the PASID more than 20
   */
  public Request {
    if (deviceId >>> DEVICE_ID_LG2 != 0 || (pasid != NO_PASID && pasid >>> PASID_LG2 != 0)) {
      throw new IommuException(
          Errno.EINVAL,
          address,
          0,
          "DeviceID %#x has 16 bits and PASID %#x has 20".formatted(deviceId, pasid));
    }
  }

  /** A normal request without a PASID. */
  public static Request of(int deviceId, long address, Access access) {
    return new Request(deviceId, NO_PASID, address, access, false, Kind.NORMAL);
  }

  /** The same with a PASID, as user. */
  public Request withPasid(int newPasid) {
    return new Request(deviceId, newPasid, address, access, privileged, kind);
  }

  /** The same with privilege. */
  public Request asPrivileged() {
    return new Request(deviceId, pasid, address, access, true, kind);
  }

  /** The same of another kind. */
  public Request as(Kind newKind) {
    return new Request(deviceId, pasid, address, access, privileged, newKind);
  }

  /** True if the request has a PASID. */
  public boolean hasPasid() {
    return pasid != NO_PASID;
  }

  boolean isTranslationRequest() {
    return kind == Kind.TRANSLATION;
  }

  /** True for a write, or a translation request that asks for write. */
  boolean writes() {
    return access == Access.WRITE;
  }

  /** Rights without which the access is refused; a translation request is answered all the same. */
  int neededRights() {
    if (isTranslationRequest()) {
      return 0;
    }
    return writes() ? Rights.WRITE : Rights.READ;
  }
}
