package dev.genpt.amd.hardware;

import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import java.util.Optional;

/**
 * A device's access to memory, byte by byte if need be. An access is split at multiples of 4 KiB;
 * each piece is translated by itself, and the pieces before one that is refused are made.
 *
 * <p>Threads: any thread may call any method.
 */
public final class DmaPort {
  private static final int PIECE = 4096;

  private final DmaPath path;
  private final PhysicalMemory memory;
  private final int deviceId;
  private final int pasid;

  /** How an access ended. */
  public sealed interface Outcome {
    /** All of it was made. */
    record Done() implements Outcome {}

    /**
     * It was aborted.
     *
     * @param bytes how many bytes were made before
     * @param event why; empty if the device was refused without an event, or there is no memory
     */
    record Aborted(int bytes, Optional<EventEntry> event) implements Outcome {}
  }

  /** One piece of an access, at a system physical address. */
  private interface Piece {
    void move(long pa, int index, int bytes);
  }

  /**
   * The port of a device.
   *
   * @param path what its requests go through
   * @param memory what they reach
   * @param deviceId the device, 0..0xffff
   * @param pasid the address space of its requests, or {@link Request#NO_PASID}
   */
  public DmaPort(DmaPath path, PhysicalMemory memory, int deviceId, int pasid) {
    this.path = path;
    this.memory = memory;
    this.deviceId = deviceId;
    this.pasid = pasid;
  }

  /** Reads {@code into.length} bytes at {@code address}. */
  public Outcome read(long address, byte[] into) {
    return move(
        address,
        into.length,
        Access.READ,
        (pa, index, bytes) -> {
          for (int i = 0; i < bytes; i++) {
            long word = memory.read64Acquire((pa + i) & -Long.BYTES);
            into[index + i] = (byte) (word >>> shiftOf(pa + i));
          }
        });
  }

  /** Writes {@code from} at {@code address}. */
  public Outcome write(long address, byte[] from) {
    return move(
        address,
        from.length,
        Access.WRITE,
        (pa, index, bytes) -> {
          for (int i = 0; i < bytes; ) {
            i += writeWord(pa + i, from, index + i, bytes - i);
          }
        });
  }

  /** Writes the bytes of one word, and tells how many; their neighbours keep any change. */
  private int writeWord(long pa, byte[] from, int index, int most) {
    long word = pa & -Long.BYTES;
    int bytes = Math.min(most, Long.BYTES - (int) (pa - word));
    long value = 0;
    long mask = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (from[index + i] & 0xffL) << shiftOf(pa + i);
      mask |= 0xffL << shiftOf(pa + i);
    }
    if (mask == -1L) {
      memory.write64Release(word, value);
      return bytes;
    }
    long old;
    do {
      old = memory.read64(word);
    } while (!memory.compareAndSet64(word, old, (old & ~mask) | value));
    return bytes;
  }

  private static int shiftOf(long pa) {
    return (int) (pa & (Long.BYTES - 1)) * Byte.SIZE;
  }

  private Outcome move(long address, int length, Access access, Piece piece) {
    int done = 0;
    while (done < length) {
      long at = address + done;
      int index = done;
      int bytes = Math.min(length - done, PIECE - (int) (at & (PIECE - 1)));
      Request request = new Request(deviceId, pasid, at, access, false, Request.Kind.NORMAL);
      Translation translation;
      try {
        translation = path.perform(request, mapped -> piece.move(mapped.address(), index, bytes));
      } catch (IommuException noMemory) {
        return new Outcome.Aborted(done, Optional.empty());
      }
      switch (translation) {
        case Translation.Mapped _, Translation.InterruptMessage _ -> done += bytes;
        case Translation.Faulted fault -> {
          return new Outcome.Aborted(done, Optional.of(fault.event()));
        }
        case Translation.Refused _ -> {
          return new Outcome.Aborted(done, Optional.empty());
        }
      }
    }
    return new Outcome.Done();
  }
}
