package dev.genpt.amd.driver;

import dev.genpt.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Registers and a command ring that do what the driver needs and no more: commands are written
 * down, and completion waits answered. Threads: any.
 */
final class RecordedIommu implements Mmio {
  /**
   * PPR, NX, GT, IA, HE, 6 host levels, 5 guest levels, 2 GCR3 levels, 2^16 - 1 PASIDs, and dirty
   * bits.
   */
  static final long FEATURES = 0x0017_002f_0000_595aL;

  static final long FEATURES_2 = 0x8;
  static final int NP_CACHE = 1 << 26;
  static final int DEVICE_IOTLBS = 1 << 24;

  private static final int RING_BYTES = 8192;

  private final PhysicalMemory memory;
  private final Map<Integer, Long> registers = new ConcurrentHashMap<>();
  private final List<String> log = new ArrayList<>();
  private boolean stopped;

  RecordedIommu(PhysicalMemory memory) {
    this(memory, FEATURES, FEATURES_2);
  }

  RecordedIommu(PhysicalMemory memory, long features, long features2) {
    this.memory = memory;
    registers.put(Register.FEATURES, features);
    registers.put(Register.FEATURES_2, features2);
  }

  /** Commands wait from now on. */
  synchronized void stop() {
    stopped = true;
  }

  /** The commands that wait are done. */
  synchronized void go() {
    stopped = false;
    run(Integer.MAX_VALUE);
  }

  /** Does at most so many of the commands that wait. */
  synchronized void run(int most) {
    int done = 0;
    int head = (int) read64(Register.COMMAND_HEAD);
    while (done < most && head != (int) read64(Register.COMMAND_TAIL)) {
      execute((read64(Register.COMMAND_BASE) & 0xf_ffff_ffff_f000L) + head);
      head = (head + 16) % RING_BYTES;
      registers.put(Register.COMMAND_HEAD, (long) head);
      done++;
    }
  }

  private void execute(long pa) {
    Command command = new Command(memory.read64(pa), memory.read64(pa + 8));
    if (command.isCompletionWait()) {
      log.add("wait");
      memory.write64Release(command.low() & 0xf_ffff_ffff_fff8L, command.high());
    } else {
      log.add(command.toString());
    }
  }

  @Override
  public synchronized long read64(int offset) {
    return registers.getOrDefault(offset, 0L);
  }

  @Override
  public synchronized void write64(int offset, long value) {
    if (offset == Register.STATUS) {
      registers.put(offset, read64(offset) & ~value);
      return;
    }
    registers.put(offset, value);
    log.add("%#x = %#x".formatted(offset, value));
    if (offset == Register.COMMAND_TAIL) {
      log.removeLast();
      if (!stopped) {
        run(Integer.MAX_VALUE);
      }
    }
  }

  /** Writes something down between the commands. */
  synchronized void note(String what) {
    log.add(what);
  }

  /** What happened since the last call: commands, {@code wait}, and registers that were written. */
  synchronized List<String> take() {
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  // ---- The event log

  /** Writes an event as hardware would. */
  synchronized void logEvent(String words) {
    int tail = (int) read64(Register.EVENT_TAIL);
    int next = (tail + 16) % RING_BYTES;
    if (next == (int) read64(Register.EVENT_HEAD)) {
      setStatus(Register.STATUS_EVENT_OVERFLOW, Register.STATUS_EVENT_RUNNING);
      return;
    }
    LoggedEvent event = LoggedEventTest.event(words);
    long pa = (read64(Register.EVENT_BASE) & 0xf_ffff_ffff_f000L) + tail;
    memory.write64(pa, event.low());
    memory.write64(pa + 8, event.high());
    registers.put(Register.EVENT_TAIL, (long) next);
    setStatus(Register.STATUS_EVENT_INTERRUPT, 0);
  }

  /** Sets and clears bits of the status register. */
  synchronized void setStatus(long set, long clear) {
    registers.put(Register.STATUS, (read64(Register.STATUS) | set) & ~clear);
  }
}
