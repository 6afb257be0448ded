package dev.genpt.amd.driver;

import dev.genpt.memory.PhysicalMemory;

/**
 * The ring of events that one IOMMU writes.
 *
 * <p>Threads: handled by one at a time; the hardware writes meanwhile.
 */
final class EventLog {
  private static final int BYTES = 8192;
  private static final long LENGTH_CODE = 9L << 56;
  private static final int ENTRY_BYTES = 16;
  private static final int MOST_PAUSES = 100_000;
  private static final long REASONS =
      Register.STATUS_EVENT_OVERFLOW | Register.STATUS_EVENT_INTERRUPT;

  private final Iommu iommu;
  private final PhysicalMemory memory;
  private final long ring;
  private final DriverClock clock;
  private final EventReport report;

  /** An empty log at {@code ring}. */
  EventLog(Iommu iommu, PhysicalMemory memory, long ring, DriverClock clock, EventReport report) {
    this.iommu = iommu;
    this.memory = memory;
    this.ring = ring;
    this.clock = clock;
    this.report = report;
  }

  /** What the base register must say. */
  long registerValue() {
    return ring | LENGTH_CODE;
  }

  /** Begins at the start of the ring. */
  void reset() {
    iommu.registers().write64(Register.EVENT_HEAD, 0);
    iommu.registers().write64(Register.EVENT_TAIL, 0);
  }

  /**
   * Reports what is in the log. Looks at the status again afterwards: an event that came meanwhile
   * sends no interrupt.
   */
  void handle() {
    long reasons = reasons();
    while (reasons != 0) {
      // Only what was seen is cleared: an overflow that comes now must still be found.
      iommu.registers().write64(Register.STATUS, reasons);
      drain();
      if ((reasons & Register.STATUS_EVENT_OVERFLOW) != 0) {
        restart();
      }
      reasons = reasons();
    }
  }

  private long reasons() {
    return iommu.registers().read64(Register.STATUS) & REASONS;
  }

  private void drain() {
    Mmio registers = iommu.registers();
    int head = (int) (registers.read64(Register.EVENT_HEAD) & Register.POINTER) % BYTES;
    while (head != (int) (registers.read64(Register.EVENT_TAIL) & Register.POINTER) % BYTES) {
      LoggedEvent event = awaitEntry(ring + head);
      if (event.isEmpty()) {
        report.nothingWritten();
      } else {
        report.event(iommu, event);
      }
      memory.write64(ring + head, 0);
      memory.write64Release(ring + head + Long.BYTES, 0);
      head = (head + ENTRY_BYTES) % BYTES;
      registers.write64(Register.EVENT_HEAD, head);
    }
  }

  /** The entry at {@code pa}; the interrupt may come before it does (erratum 732). */
  private LoggedEvent awaitEntry(long pa) {
    LoggedEvent event = read(pa);
    for (int pauses = 0; event.isEmpty() && pauses < MOST_PAUSES; pauses++) {
      clock.pause();
      event = read(pa);
    }
    return event;
  }

  private LoggedEvent read(long pa) {
    long low = memory.read64Acquire(pa);
    return new LoggedEvent(low, memory.read64Acquire(pa + Long.BYTES));
  }

  /** Starts a log again that has stopped since it was full. */
  private void restart() {
    Mmio registers = iommu.registers();
    if ((registers.read64(Register.STATUS) & Register.STATUS_EVENT_RUNNING) != 0) {
      return;
    }
    report.restarting();
    iommu.turnOff(Register.CONTROL_EVENT_LOG);
    iommu.turnOff(Register.CONTROL_EVENT_INTERRUPT);
    registers.write64(Register.STATUS, Register.STATUS_EVENT_OVERFLOW);
    iommu.turnOn(Register.CONTROL_EVENT_INTERRUPT);
    iommu.turnOn(Register.CONTROL_EVENT_LOG);
  }
}
