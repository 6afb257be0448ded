package dev.genpt.amd.driver;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The ring of commands to one IOMMU.
 *
 * <p>Commands may finish out of order; only a completion wait tells that all before it are done. It
 * stores a sequence number, and since these only grow, one wait serves all who asked earlier.
 *
 * <p>Threads: any, several at a time.
 */
final class CommandQueue {
  /** Bytes of the ring. */
  static final int BYTES = 8192;

  /** Tells the hardware the size: 2^9 commands. */
  static final long LENGTH_CODE = 9L << 56;

  private static final int COMMAND_BYTES = 16;
  private static final int LEAST_FREE = 32;
  private static final int MOST_PAUSES = 100_000;

  private final Mmio registers;
  private final PhysicalMemory memory;
  private final long ring;
  private final long semaphore;
  private final DriverClock clock;
  private final Consumer<String> onTimeout;
  private final ReentrantLock lock = new ReentrantLock();
  private int tail;
  private int knownHead;
  private boolean needsWait;
  private long sequence;

  /**
   * An empty ring.
   *
   * @param ring where the commands lie
   * @param semaphore 8 bytes for the sequence numbers
   * @param onTimeout told when the hardware does not answer
   */
  CommandQueue(
      Mmio registers,
      PhysicalMemory memory,
      long ring,
      long semaphore,
      DriverClock clock,
      Consumer<String> onTimeout) {
    this.registers = registers;
    this.memory = memory;
    this.ring = ring;
    this.semaphore = semaphore;
    this.clock = clock;
    this.onTimeout = onTimeout;
  }

  /** What the base register must say. */
  long registerValue() {
    return ring | LENGTH_CODE;
  }

  /** Begins at the start of the ring, as the hardware must too. */
  void reset() {
    lock.lock();
    try {
      tail = 0;
      knownHead = 0;
      registers.write64(Register.COMMAND_HEAD, 0);
      registers.write64(Register.COMMAND_TAIL, 0);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands a command to the hardware.
   *
   * @throws IommuException EIO if the ring stays full
   */
  void add(Command command) {
    lock.lock();
    try {
      put(command);
      needsWait = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that was handed over before is done: also what another thread is waiting for
   * already.
   *
   * @throws IommuException EIO if the hardware does not finish
   */
  void completionWait() {
    long awaited;
    lock.lock();
    try {
      if (needsWait) {
        put(Command.completionWait(semaphore, sequence + 1));
        sequence++;
        needsWait = false;
      }
      awaited = sequence;
    } finally {
      lock.unlock();
    }
    for (int pauses = 0; memory.read64Acquire(semaphore) - awaited < 0; pauses++) {
      if (pauses == MOST_PAUSES) {
        onTimeout.accept("Completion-Wait loop timed out");
        throw new IommuException(
            Errno.EIO,
            "completion wait %d: the IOMMU has stored %d after %,d pauses"
                .formatted(awaited, memory.read64(semaphore), MOST_PAUSES));
      }
      clock.pause();
    }
  }

  private void put(Command command) {
    int next = (tail + COMMAND_BYTES) % BYTES;
    for (int pauses = 0; freeBehind(next) <= LEAST_FREE; pauses++) {
      if (pauses == MOST_PAUSES) {
        onTimeout.accept("Command buffer timeout");
        throw new IommuException(
            Errno.EIO,
            "command %s: the ring is full, its head stays at %#x".formatted(command, knownHead));
      }
      if (pauses > 0) {
        clock.pause();
      }
      knownHead = (int) (registers.read64(Register.COMMAND_HEAD) & Register.POINTER) % BYTES;
    }
    memory.write64(ring + tail, command.low());
    memory.write64Release(ring + tail + Long.BYTES, command.high());
    tail = next;
    registers.write64(Register.COMMAND_TAIL, tail);
  }

  private int freeBehind(int next) {
    return Math.floorMod(knownHead - next, BYTES);
  }
}
