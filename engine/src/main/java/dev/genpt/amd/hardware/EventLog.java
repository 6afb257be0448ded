package dev.genpt.amd.hardware;

/** Where events go: the log in memory, and the registers for broken memory. Any thread may log. */
final class EventLog {
  private final LogRing ring;
  private final Registers registers;
  private final Counters counters;

  EventLog(LogRing ring, Registers registers, Counters counters) {
    this.ring = ring;
    this.registers = registers;
    this.counters = counters;
  }

  void log(EventEntry event) {
    if (event.isHardwareError()) {
      registers.keepHardwareEvent(event);
    }
    boolean written = ring.append(event.q0(), event.q1());
    (written ? counters.events : counters.lostEvents).increment();
  }
}
