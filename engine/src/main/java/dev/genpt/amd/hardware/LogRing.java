package dev.genpt.amd.hardware;

import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;

/**
 * A ring in memory that hardware writes and software reads: the event log or the PPR log.
 *
 * <p>It takes one entry fewer than it has room for. An entry too many is lost, sets the overflow
 * bit and stops the ring. Nothing is written while it does not run, while the overflow bit is set,
 * to a ring of invalid length, or where there is no memory.
 *
 * <p>Threads: any thread may append.
 */
final class LogRing {
  private final PhysicalMemory memory;
  private final Registers registers;
  private final Ring ring;
  private final long overflow;
  private final long written;

  private LogRing(
      PhysicalMemory memory, Registers registers, Ring ring, long overflow, long written) {
    this.memory = memory;
    this.registers = registers;
    this.ring = ring;
    this.overflow = overflow;
    this.written = written;
  }

  static LogRing events(PhysicalMemory memory, Registers registers) {
    return new LogRing(
        memory, registers, Ring.EVENTS, Status.EVENT_OVERFLOW, Status.EVENT_INTERRUPT);
  }

  static LogRing pageRequests(PhysicalMemory memory, Registers registers) {
    return new LogRing(
        memory, registers, Ring.PAGE_REQUESTS, Status.PPR_OVERFLOW, Status.PPR_INTERRUPT);
  }

  /** Writes an entry of two words; false if it is lost. */
  boolean append(long q0, long q1) {
    synchronized (registers) {
      long base = registers.get(ring.base);
      long bytes = Ring.bytes(base);
      if (!registers.runs(ring) || (registers.get(Register.STATUS) & overflow) != 0 || bytes == 0) {
        return false;
      }
      long tail = registers.get(ring.tail);
      long next = (tail + Ring.ENTRY_BYTES) % bytes;
      if (next == registers.get(ring.head)) {
        registers.stop(ring, overflow);
        return false;
      }
      try {
        memory.write64Release(Ring.address(base) + tail + Long.BYTES, q1);
        memory.write64Release(Ring.address(base) + tail, q0);
      } catch (IommuException unreachable) {
        return false;
      }
      registers.move(ring.tail, next);
      registers.raise(written);
      return true;
    }
  }
}
