package dev.genpt.amd.hardware;

import java.util.Locale;

/**
 * An entry of the event log.
 *
 * <pre>
 * q0  63:60 code | 59:48 flags | 47:32 DomainID, or PASID 15:0 | 19:16 PASID 19:16 | 15:0 DeviceID
 * q1  63:0 address
 * </pre>
 *
 * <p>Immutable. Source: AMD I/O Virtualization Technology (IOMMU) Specification, "Event Log".
 *
 * @param q0 the word at the lower address
 * @param q1 the word at the higher address
 */
public record EventEntry(long q0, long q1) {
  /** Code of ILLEGAL_DEV_TABLE_ENTRY. */
  public static final int ILLEGAL_DEV_TABLE_ENTRY = 1;

  /** Code of IO_PAGE_FAULT. */
  public static final int IO_PAGE_FAULT = 2;

  /** Code of DEV_TAB_HARDWARE_ERROR. */
  public static final int DEV_TAB_HARDWARE_ERROR = 3;

  /** Code of PAGE_TAB_HARDWARE_ERROR. */
  public static final int PAGE_TAB_HARDWARE_ERROR = 4;

  /** Code of ILLEGAL_COMMAND_ERROR. */
  public static final int ILLEGAL_COMMAND_ERROR = 5;

  /** Code of COMMAND_HARDWARE_ERROR. */
  public static final int COMMAND_HARDWARE_ERROR = 6;

  /** Code of IOTLB_INV_TIMEOUT. */
  public static final int IOTLB_INV_TIMEOUT = 7;

  /** Code of INVALID_DEVICE_REQUEST. */
  public static final int INVALID_DEVICE_REQUEST = 8;

  /** Flag: a guest translation; the PASID stands in the entry. */
  public static final int GN = 0x001;

  /** Flag: an instruction fetch. */
  public static final int NX = 0x002;

  /** Flag: user privilege. */
  public static final int US = 0x004;

  /** Flag: an interrupt request. */
  public static final int I = 0x008;

  /** Flag: what was looked up is present. */
  public static final int PR = 0x010;

  /** Flag: a write. */
  public static final int RW = 0x020;

  /** Flag: no permission. */
  public static final int PE = 0x040;

  /** Flag: a reserved bit is set; clear: an invalid encoding. */
  public static final int RZ = 0x080;

  /** Flag: an ATS translation request. */
  public static final int TR = 0x100;

  private static final int CODE_SHIFT = 60;
  private static final int FLAGS_SHIFT = 48;
  private static final int ID_SHIFT = 32;
  private static final int ERROR_TYPE_SHIFT = 9;
  private static final long LOW_16 = 0xffff;
  private static final long PASID_HIGH = 0xf_0000;
  private static final long FLAGS = 0xfff;

  /** How memory failed: target abort for what a translation reads, data error for commands. */
  private static final int TARGET_ABORT = 2;

  private static final int DATA_ERROR = 3;

  private static EventEntry of(int code, int deviceId, int id, int flags, long address) {
    return new EventEntry(
        (long) code << CODE_SHIFT
            | (long) flags << FLAGS_SHIFT
            | (id & LOW_16) << ID_SHIFT
            | ((flags & GN) != 0 ? id & PASID_HIGH : 0)
            | deviceId,
        address);
  }

  /**
   * IO_PAGE_FAULT.
   *
   * @param id the PASID if {@code flags} has {@link #GN}, else the DomainID
   */
  static EventEntry pageFault(int deviceId, int id, int flags, long address) {
    return of(IO_PAGE_FAULT, deviceId, id, flags, address);
  }

  /** ILLEGAL_DEV_TABLE_ENTRY; {@code pasid} counts if {@code flags} has {@link #GN}. */
  static EventEntry illegalDeviceTableEntry(int deviceId, int pasid, int flags, long address) {
    return of(ILLEGAL_DEV_TABLE_ENTRY, deviceId, pasid, flags, address & ~3L);
  }

  /** DEV_TAB_HARDWARE_ERROR: the device table entry at {@code pa} can't be read. */
  static EventEntry deviceTableUnreadable(int deviceId, int flags, long pa) {
    int type = TARGET_ABORT << ERROR_TYPE_SHIFT;
    return of(DEV_TAB_HARDWARE_ERROR, deviceId, 0, flags | type, pa);
  }

  /** PAGE_TAB_HARDWARE_ERROR: the entry at {@code pa} can't be read; no more than PASID 15:0. */
  static EventEntry tableUnreadable(int deviceId, int id, int flags, long pa) {
    int type = TARGET_ABORT << ERROR_TYPE_SHIFT;
    return of(PAGE_TAB_HARDWARE_ERROR, deviceId, (int) (id & LOW_16), flags | type, pa);
  }

  /** ILLEGAL_COMMAND_ERROR: the command at {@code pa} means nothing. */
  static EventEntry illegalCommand(long pa) {
    return of(ILLEGAL_COMMAND_ERROR, 0, 0, 0, pa);
  }

  /** COMMAND_HARDWARE_ERROR: a command's access to {@code pa} failed. */
  static EventEntry commandUnreachable(long pa) {
    return of(COMMAND_HARDWARE_ERROR, 0, 0, DATA_ERROR << ERROR_TYPE_SHIFT, pa);
  }

  /** IOTLB_INV_TIMEOUT: the device did not answer the command at {@code pa}. */
  static EventEntry invalidationTimeout(int deviceId, long pa) {
    return of(IOTLB_INV_TIMEOUT, deviceId, 0, 0, pa);
  }

  /** INVALID_DEVICE_REQUEST of a type, 0..7. */
  static EventEntry invalidDeviceRequest(
      int deviceId, int pasid, int flags, int type, long address) {
    return of(INVALID_DEVICE_REQUEST, deviceId, pasid, flags | type << ERROR_TYPE_SHIFT, address);
  }

  /** What happened: one of the codes. */
  public int code() {
    return (int) (q0 >>> CODE_SHIFT);
  }

  /** Bits 59:48 of the entry. */
  public int flags() {
    return (int) ((q0 >>> FLAGS_SHIFT) & FLAGS);
  }

  /** The device, 0..0xffff. */
  public int deviceId() {
    return (int) (q0 & LOW_16);
  }

  /** The PASID if {@link #flags} has {@link #GN}, else the DomainID. */
  public int id() {
    return (int) (((q0 >>> ID_SHIFT) & LOW_16) | (q0 & PASID_HIGH));
  }

  /** True if memory failed. */
  boolean isHardwareError() {
    return switch (code()) {
      case DEV_TAB_HARDWARE_ERROR, PAGE_TAB_HARDWARE_ERROR, COMMAND_HARDWARE_ERROR -> true;
      default -> false;
    };
  }

  /** The four 32-bit words, as manuals print them. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%08x %08x %08x %08x", (int) q0, q0 >>> 32, (int) q1, q1 >>> 32);
  }
}
