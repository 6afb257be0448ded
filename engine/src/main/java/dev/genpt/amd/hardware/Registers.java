package dev.genpt.amd.hardware;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The register file of one IOMMU: what software reads and writes, and what the rings and the status
 * bits do on their own.
 *
 * <p>Software's writes are bound to the rules of each register: read-only bits, write-1-to-clear
 * bits, pointers that stay in their ring. While a ring runs, its base and the pointer that hardware
 * moves ignore writes; a base that is written resets both pointers. An invalid length code is kept
 * and makes a ring without entries.
 *
 * <p>Threads: any thread may call any method; each call is atomic. {@link #settings} takes no lock.
 */
final class Registers {
  private static final long PAGE_MASK = 0xfff;
  private static final long LOW_HALF = 0xffff_ffffL;

  private final IommuFeatures features;
  private final Map<Register, Long> values = new EnumMap<>(Register.class);
  private final Set<Ring> signalling = EnumSet.noneOf(Ring.class);
  private final Queue<Interrupt> undelivered = new ConcurrentLinkedQueue<>();
  private volatile Settings settings;

  Registers(IommuFeatures features) {
    this.features = features;
    set(Register.EXTENDED_FEATURES, features.efr());
    set(Register.EXTENDED_FEATURES_2, features.efr2());
    set(Register.EXCLUSION_LIMIT, PAGE_MASK);
    settings = decoded();
  }

  /** What translations need to know. */
  Settings settings() {
    return settings;
  }

  IommuFeatures features() {
    return features;
  }

  synchronized long get(Register register) {
    return values.getOrDefault(register, 0L);
  }

  private void set(Register register, long value) {
    values.put(register, value);
  }

  /** What software reads from the 8 bytes at {@code offset}. */
  long read64(int offset) {
    Register register = Register.at(offset);
    return (offset & 7) != 0 || register == null ? 0 : get(register);
  }

  /** What software reads from the 4 bytes at {@code offset}. */
  int read32(int offset) {
    return (offset & 3) != 0 ? 0 : (int) (read64(offset & ~7) >>> shiftOf(offset));
  }

  /** Software writes the 8 bytes at {@code offset}. */
  void write64(int offset, long value) {
    if ((offset & 7) == 0) {
      write(offset, value, -1L);
    }
  }

  /** Software writes the 4 bytes at {@code offset}. */
  void write32(int offset, int value) {
    if ((offset & 3) == 0) {
      int shift = shiftOf(offset);
      write(offset & ~7, (value & LOW_HALF) << shift, LOW_HALF << shift);
    }
  }

  private static int shiftOf(int offset) {
    return (offset & 4) * Byte.SIZE;
  }

  /** Software writes those bits of {@code value} that are in {@code part}. */
  private synchronized void write(int offset, long value, long part) {
    Register register = Register.at(offset);
    if (register == null) {
      return;
    }
    long written = register.writable & part;
    long old = get(register);
    if (register.isStatus()) {
      set(register, old & ~(value & written));
    } else {
      write(register, old, (old & ~written) | (value & written));
    }
    settings = decoded();
    signal();
  }

  private void write(Register register, long old, long value) {
    if (register == Register.CONTROL) {
      writeControl(old, value);
      return;
    }
    for (Ring ring : Ring.values()) {
      if (register == ring.base) {
        writeBase(ring, value);
        return;
      }
      if (register == ring.head || register == ring.tail) {
        writePointer(ring, register, value);
        return;
      }
    }
    set(register, value);
  }

  /** Too many segments of the device table: the whole write is ignored. */
  private void writeControl(long old, long value) {
    if (Control.segmentsLg2(value) > features.segmentsLg2()) {
      return;
    }
    set(Register.CONTROL, value);
    for (Ring ring : Ring.values()) {
      boolean runs = (value & ring.enables) == ring.enables;
      if (runs != ((old & ring.enables) == ring.enables)) {
        setStatus(ring.run, runs);
      }
    }
  }

  private void writeBase(Ring ring, long value) {
    if (!runs(ring)) {
      set(ring.base, value);
      set(ring.head, 0);
      set(ring.tail, 0);
    }
  }

  private void writePointer(Ring ring, Register pointer, long value) {
    Register ofHardware = ring == Ring.COMMANDS ? ring.head : ring.tail;
    if (value < Ring.bytes(get(ring.base)) && !(pointer == ofHardware && runs(ring))) {
      set(pointer, value);
    }
  }

  /** True if the ring's Run bit is set. */
  synchronized boolean runs(Ring ring) {
    return (get(Register.STATUS) & ring.run) != 0;
  }

  /** Hardware sets status bits; interrupts follow by their rule. */
  synchronized void raise(long statusBits) {
    setStatus(statusBits, true);
    signal();
  }

  /** Hardware stops a ring, and sets status bits. */
  synchronized void stop(Ring ring, long statusBits) {
    setStatus(ring.run, false);
    raise(statusBits);
  }

  /** Hardware moves the pointer of a ring that is its own. */
  synchronized void move(Register pointer, long value) {
    set(pointer, value);
  }

  /** Copies an event that reports broken memory to the registers for it. */
  synchronized void keepHardwareEvent(EventEntry event) {
    if (!features.has(IommuFeatures.Bit.HE)) {
      return;
    }
    long status = get(Register.HARDWARE_EVENT_STATUS);
    set(Register.HARDWARE_EVENT_HIGH, event.q0());
    set(Register.HARDWARE_EVENT_LOW, event.q1());
    set(
        Register.HARDWARE_EVENT_STATUS,
        status
            | Status.HARDWARE_EVENT_VALID
            | (status & Status.HARDWARE_EVENT_VALID) * Status.HARDWARE_EVENT_OVERFLOW);
  }

  private void setStatus(long bits, boolean on) {
    long status = get(Register.STATUS);
    set(Register.STATUS, on ? status | bits : status & ~bits);
  }

  /** Each signal that goes from 0 to 1 is one interrupt. */
  private void signal() {
    long control = get(Register.CONTROL);
    long status = get(Register.STATUS);
    for (Ring ring : Ring.values()) {
      boolean on = (control & ring.interruptEnable) != 0 && (status & ring.interruptCauses) != 0;
      if (!on) {
        signalling.remove(ring);
      } else if (signalling.add(ring)) {
        undelivered.add(ring.interrupt);
      }
    }
  }

  /** Hands out the interrupts that are yet to be delivered; no lock is held meanwhile. */
  void deliver(Consumer<Interrupt> handler) {
    for (Interrupt next = undelivered.poll(); next != null; next = undelivered.poll()) {
      handler.accept(next);
    }
  }

  private Settings decoded() {
    return Settings.of(
        get(Register.CONTROL),
        Register.SEGMENT_BASES.stream().map(this::get).toList(),
        Settings.Exclusion.of(
            get(Register.EXCLUSION_BASE), get(Register.EXCLUSION_LIMIT), features),
        features);
  }
}
