package dev.genpt.amd.hardware;

/** Bits of the Control register, offset 0x18, that have an effect in the model. */
final class Control {
  static final long IOMMU_EN = 1;
  static final long EVENT_LOG_EN = 1L << 2;
  static final long EVENT_INTERRUPT_EN = 1L << 3;
  static final long WAIT_INTERRUPT_EN = 1L << 4;
  static final long COMMAND_EN = 1L << 12;
  static final long PPR_LOG_EN = 1L << 13;
  static final long PPR_INTERRUPT_EN = 1L << 14;
  static final long PPR_EN = 1L << 15;
  static final long GUEST_EN = 1L << 16;
  static final long GUEST_DIRTY_OFF = 1L << 48;
  static final long GUEST_ACCESSED_OFF = 1L << 54;
  static final long GCR3_IS_GUEST_ADDRESS = 1L << 58;

  private static final int TIMEOUT_SHIFT = 5;
  private static final int SEGMENTS_SHIFT = 34;
  private static final long THREE_BITS = 7;

  private Control() {}

  /** True if device IOTLBs must answer in time. */
  static boolean timesOut(long control) {
    return (control >>> TIMEOUT_SHIFT & THREE_BITS) != 0;
  }

  /** The device table is in 2^n segments: n, 0..7. */
  static int segmentsLg2(long control) {
    return (int) (control >>> SEGMENTS_SHIFT & THREE_BITS);
  }
}
