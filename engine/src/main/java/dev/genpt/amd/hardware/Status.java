package dev.genpt.amd.hardware;

/** Bits of the Status register, offset 0x2020. */
final class Status {
  static final long EVENT_OVERFLOW = 1;
  static final long EVENT_INTERRUPT = 1L << 1;
  static final long WAIT_INTERRUPT = 1L << 2;
  static final long EVENT_RUN = 1L << 3;
  static final long COMMAND_RUN = 1L << 4;
  static final long PPR_OVERFLOW = 1L << 5;
  static final long PPR_INTERRUPT = 1L << 6;
  static final long PPR_RUN = 1L << 7;

  /** Bits of {@link Register#HARDWARE_EVENT_STATUS}. */
  static final long HARDWARE_EVENT_VALID = 1;

  static final long HARDWARE_EVENT_OVERFLOW = 2;

  private Status() {}
}
