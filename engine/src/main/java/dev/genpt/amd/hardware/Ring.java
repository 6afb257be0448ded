package dev.genpt.amd.hardware;

/**
 * The three rings in memory: their registers, and their bits in Control and Status.
 *
 * <p>A ring runs from the moment that its enable bits are all set, until one is cleared or an error
 * stops it; only a change of the enable bits starts it again. An interrupt is asked for while a bit
 * of its causes is set in Status and its enable bit in Control.
 */
enum Ring {
  COMMANDS(
      Register.COMMAND_BASE,
      Register.COMMAND_HEAD,
      Register.COMMAND_TAIL,
      Control.IOMMU_EN | Control.COMMAND_EN,
      Status.COMMAND_RUN,
      Control.WAIT_INTERRUPT_EN,
      Status.WAIT_INTERRUPT,
      Interrupt.COMPLETION_WAIT),
  EVENTS(
      Register.EVENT_BASE,
      Register.EVENT_HEAD,
      Register.EVENT_TAIL,
      Control.IOMMU_EN | Control.EVENT_LOG_EN,
      Status.EVENT_RUN,
      Control.EVENT_INTERRUPT_EN,
      Status.EVENT_INTERRUPT | Status.EVENT_OVERFLOW,
      Interrupt.EVENT_LOG),
  PAGE_REQUESTS(
      Register.PPR_BASE,
      Register.PPR_HEAD,
      Register.PPR_TAIL,
      Control.IOMMU_EN | Control.PPR_EN | Control.PPR_LOG_EN,
      Status.PPR_RUN,
      Control.PPR_INTERRUPT_EN,
      Status.PPR_INTERRUPT | Status.PPR_OVERFLOW,
      Interrupt.PPR_LOG);

  /** Bytes of an entry of any ring. */
  static final int ENTRY_BYTES = 16;

  private static final int LENGTH_SHIFT = 56;
  private static final int MIN_LENGTH_CODE = 8;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

  final Register base;
  final Register head;
  final Register tail;

  /** Control bits that must all be set for the ring to run. */
  final long enables;

  /** Status bit that says whether it runs. */
  final long run;

  /** Control bit that allows its interrupt. */
  final long interruptEnable;

  /** Status bits that cause its interrupt. */
  final long interruptCauses;

  final Interrupt interrupt;

  Ring(
      Register base,
      Register head,
      Register tail,
      long enables,
      long run,
      long interruptEnable,
      long interruptCauses,
      Interrupt interrupt) {
    this.base = base;
    this.head = head;
    this.tail = tail;
    this.enables = enables;
    this.run = run;
    this.interruptEnable = interruptEnable;
    this.interruptCauses = interruptCauses;
    this.interrupt = interrupt;
  }

  /** Address of the ring whose base register holds {@code value}. */
  static long address(long value) {
    return value & ADDRESS;
  }

  /** Bytes of the ring whose base register holds {@code value}; 0 for an invalid length code. */
  static long bytes(long value) {
    int code = (int) (value >>> LENGTH_SHIFT);
    return code < MIN_LENGTH_CODE ? 0 : (long) ENTRY_BYTES << code;
  }
}
