package dev.genpt.amd.driver;

/**
 * The registers that the driver uses: offsets in the window, and their bits.
 *
 * <p>Source: AMD I/O Virtualization Technology (IOMMU) Specification, "MMIO Registers".
 */
final class Register {
  static final int DEVICE_TABLE_BASE = 0x0000;
  static final int COMMAND_BASE = 0x0008;
  static final int EVENT_BASE = 0x0010;
  static final int CONTROL = 0x0018;
  static final int FEATURES = 0x0030;
  static final int FEATURES_2 = 0x01a0;
  static final int COMMAND_HEAD = 0x2000;
  static final int COMMAND_TAIL = 0x2008;
  static final int EVENT_HEAD = 0x2010;
  static final int EVENT_TAIL = 0x2018;
  static final int STATUS = 0x2020;

  static final long CONTROL_ENABLE = 1;
  static final long CONTROL_HT_TUNNEL = 1 << 1;
  static final long CONTROL_EVENT_LOG = 1 << 2;
  static final long CONTROL_EVENT_INTERRUPT = 1 << 3;
  static final long CONTROL_TIMEOUT = 7 << 5;
  static final long CONTROL_TIMEOUT_1_S = 4 << 5;
  static final long CONTROL_PASS_PW = 1 << 8;
  static final long CONTROL_RES_PASS_PW = 1 << 9;
  static final long CONTROL_COHERENT = 1 << 10;
  static final long CONTROL_ISOC = 1 << 11;
  static final long CONTROL_COMMANDS = 1 << 12;
  static final long CONTROL_PPR_LOG = 1 << 13;
  static final long CONTROL_PPR_INTERRUPT = 1 << 14;
  static final long CONTROL_GUEST_TRANSLATION = 1 << 16;
  static final long CONTROL_GA_LOG = 1 << 28;
  static final long CONTROL_GA_INTERRUPT = 1 << 29;
  static final long CONTROL_ENHANCED_PPR = 1L << 45;
  static final long CONTROL_GCR3_IS_GPA = 1L << 58;
  static final long CONTROL_IRT_CACHE_OFF = 1L << 59;

  static final long STATUS_EVENT_OVERFLOW = 1;
  static final long STATUS_EVENT_INTERRUPT = 1 << 1;
  static final long STATUS_EVENT_RUNNING = 1 << 3;

  /** Bits of the command and event pointers. */
  static final long POINTER = 0x7fff0;

  private Register() {}
}
