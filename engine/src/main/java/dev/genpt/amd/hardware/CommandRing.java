package dev.genpt.amd.hardware;

import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/**
 * The command ring: commands are taken from the head, one by one, and each has taken effect before
 * the next one begins. A command that means nothing, or that memory does not hold, stops the ring
 * with the head at it.
 *
 * <p>Threads: any thread may run commands; one at a time does.
 */
final class CommandRing {
  private final PhysicalMemory memory;
  private final Registers registers;
  private final Caches caches;
  private final Map<Integer, AtsDevice> devices;
  private final EventLog events;
  private final Counters counters;

  /** While it is held, no translation is under way. */
  private final Lock translationsStopped;

  CommandRing(
      PhysicalMemory memory,
      Registers registers,
      Caches caches,
      Map<Integer, AtsDevice> devices,
      EventLog events,
      Counters counters,
      Lock translationsStopped) {
    this.memory = memory;
    this.registers = registers;
    this.caches = caches;
    this.devices = devices;
    this.events = events;
    this.counters = counters;
    this.translationsStopped = translationsStopped;
  }

  /**
   * Runs the commands that wait, at most {@code limit}.
   *
   * @param each told of every command that has taken effect
   * @return how many ran
   */
  synchronized int run(int limit, Consumer<Command> each) {
    for (int done = 0; done < limit; done++) {
      long base = registers.get(Register.COMMAND_BASE);
      long head = registers.get(Register.COMMAND_HEAD);
      if (!registers.runs(Ring.COMMANDS) || head == registers.get(Register.COMMAND_TAIL)) {
        return done;
      }
      long pa = Ring.address(base) + head;
      Optional<EventEntry> error = runAt(pa, each);
      if (error.isPresent()) {
        registers.stop(Ring.COMMANDS, 0);
        events.log(error.get());
        return done;
      }
      advance(base, head);
    }
    return limit;
  }

  /** Unless software has set the ring up anew meanwhile. */
  private void advance(long base, long head) {
    synchronized (registers) {
      if (registers.runs(Ring.COMMANDS)
          && registers.get(Register.COMMAND_BASE) == base
          && registers.get(Register.COMMAND_HEAD) == head) {
        registers.move(Register.COMMAND_HEAD, (head + Ring.ENTRY_BYTES) % Ring.bytes(base));
      }
    }
  }

  private Optional<EventEntry> runAt(long pa, Consumer<Command> each) {
    Optional<Command> command;
    try {
      command =
          Command.decode(
              memory.read64Acquire(pa),
              memory.read64Acquire(pa + Long.BYTES),
              registers.features());
    } catch (IommuException unreachable) {
      return Optional.of(EventEntry.commandUnreachable(pa));
    }
    if (command.isEmpty()) {
      return Optional.of(EventEntry.illegalCommand(pa));
    }
    Optional<EventEntry> error = run(pa, command.get());
    if (error.isEmpty()) {
      counters.commands.increment();
      each.accept(command.get());
    }
    return error;
  }

  private Optional<EventEntry> run(long pa, Command command) {
    switch (command) {
      case Command.CompletionWait wait -> {
        return complete(wait);
      }
      case Command.InvalidateIotlbPages what -> invalidateDevice(pa, what);
      case Command.CompletePageRequest answer ->
          Optional.ofNullable(devices.get(answer.deviceId()))
              .ifPresent(device -> device.respond(answer.response()));
      case Command.InvalidateDeviceTableEntry _,
          Command.InvalidatePages _,
          Command.InvalidateInterruptTable _,
          Command.InvalidateAll _ ->
          invalidate(command);
      case Command.Prefetch _ -> {}
    }
    return Optional.empty();
  }

  private Optional<EventEntry> complete(Command.CompletionWait wait) {
    if (wait.store()) {
      try {
        memory.write64Release(wait.address(), wait.data());
      } catch (IommuException unreachable) {
        return Optional.of(EventEntry.commandUnreachable(wait.address()));
      }
    }
    if (wait.interrupt()) {
      registers.raise(Status.WAIT_INTERRUPT);
    }
    return Optional.empty();
  }

  /** A device that is not there does not answer; without a timeout nobody waits for it. */
  private void invalidateDevice(long pa, Command.InvalidateIotlbPages what) {
    counters.invalidations.increment();
    AtsDevice device = devices.get(what.deviceId());
    boolean answered = device != null && device.invalidate(what.pasid(), what.block());
    if (!answered && Control.timesOut(registers.get(Register.CONTROL))) {
      events.log(EventEntry.invalidationTimeout(what.deviceId(), pa));
    }
  }

  private void invalidate(Command command) {
    int dropped;
    translationsStopped.lock();
    try {
      dropped =
          switch (command) {
            case Command.InvalidateDeviceTableEntry what -> caches.dropDevice(what.deviceId());
            case Command.InvalidatePages what -> caches.dropPages(what);
            case Command.InvalidateAll _ -> caches.dropAll();
            default -> 0;
          };
    } finally {
      translationsStopped.unlock();
    }
    counters.invalidations.increment();
    counters.dropped.add(dropped);
    if (dropped == 0) {
      counters.idleInvalidations.increment();
    }
  }
}
