package dev.genpt.device;

import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.amd.driver.LoggedEvent;
import dev.genpt.amd.hardware.DmaPath;
import dev.genpt.amd.hardware.DmaPort;
import dev.genpt.amd.hardware.Request;
import dev.genpt.amd.hardware.Translation;
import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Protection;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A device that reaches memory by itself, through the IOMMU and into a trace. On request it
 * misbehaves.
 *
 * <p>Threads: one at a time.
 */
public abstract sealed class DmaDevice permits Nic, NvmeDrive {
  /** Bytes of an access that a device should not make. */
  public static final int STRAY_BYTES = 64;

  /** What such an access writes. */
  public static final byte STRAY = (byte) 0xbd;

  private static final int PAGE_LG2 = 12;
  private static final long PAGE = 1L << PAGE_LG2;

  private final String name;
  private final Trace trace;
  private final DmaPort port;

  /** What became of the last piece of an access. */
  private Translation answer = new Translation.Refused();

  private Optional<DmaSegment> filled = Optional.empty();
  private Optional<DmaSegment> fetched = Optional.empty();

  /**
   * A device.
   *
   * @param name in traces
   * @param deviceId its requester ID
   */
  DmaDevice(String name, int deviceId, DmaPath path, PhysicalMemory memory, Trace trace) {
    this.name = name;
    this.trace = trace;
    DmaPath observed =
        (request, access) -> {
          answer = new Translation.Refused(); // should memory be missing
          answer = path.perform(request, access);
          return answer;
        };
    port = new DmaPort(observed, memory, deviceId, Request.NO_PASID);
  }

  /** Its name in traces. */
  public final String name() {
    return name;
  }

  /** One piece of an access, within a page. */
  private interface Piece {
    DmaPort.Outcome move(long iova, int index, int bytes);
  }

  /** Reads memory; false if the IOMMU did not let it, and then nothing may be made of the bytes. */
  final boolean read(long iova, byte[] into) {
    return move(
        TraceEntry.Kind.READ,
        iova,
        into.length,
        (at, index, bytes) -> {
          byte[] piece = new byte[bytes];
          DmaPort.Outcome outcome = port.read(at, piece);
          System.arraycopy(piece, 0, into, index, bytes);
          return outcome;
        });
  }

  /** Writes memory; false if the IOMMU did not let it, and then pages before may be written. */
  final boolean write(long iova, byte[] from) {
    return move(
        TraceEntry.Kind.WRITE,
        iova,
        from.length,
        (at, index, bytes) -> port.write(at, Arrays.copyOfRange(from, index, index + bytes)));
  }

  private boolean move(TraceEntry.Kind kind, long iova, int length, Piece piece) {
    int done = 0;
    while (done < length) {
      long at = iova + done;
      int bytes = (int) Math.min(length - done, PAGE - Log2.mod(at, PAGE_LG2));
      boolean made = piece.move(at, done, bytes) instanceof DmaPort.Outcome.Done;
      note(made, kind, at, bytes);
      if (!made) {
        return false;
      }
      done += bytes;
    }
    return true;
  }

  private void note(boolean made, TraceEntry.Kind kind, long iova, int bytes) {
    int wanted = kind == TraceEntry.Kind.READ ? Protection.READ : Protection.WRITE;
    if (!made) {
      String result =
          answer instanceof Translation.Faulted fault
              ? describe(new LoggedEvent(fault.event().q0(), fault.event().q1()))
              : "aborted";
      trace.add(name, TraceEntry.Kind.FAULT, iova, bytes, OptionalLong.empty(), wanted, result);
    } else if (answer instanceof Translation.Mapped mapped) {
      int allowed =
          (mapped.readable() ? Protection.READ : 0) | (mapped.writable() ? Protection.WRITE : 0);
      trace.add(name, kind, iova, bytes, OptionalLong.of(mapped.address()), allowed, TraceEntry.OK);
    } else {
      trace.add(name, kind, iova, bytes, OptionalLong.of(iova), wanted, "interrupt message");
    }
  }

  private static String describe(LoggedEvent event) {
    return "%s flags=0x%04x".formatted(event.kind(), event.flags());
  }

  /** Data went to this buffer. */
  final void noteFilled(DmaSegment buffer) {
    filled = Optional.of(buffer);
  }

  /** Data came from this buffer. */
  final void noteFetched(DmaSegment buffer) {
    fetched = Optional.of(buffer);
  }

  /**
   * Writes {@link #STRAY_BYTES} bytes {@link #STRAY} where it should not, once, now.
   *
   * @param how where
   * @param foreign the address for {@link Misbehaviour#FOREIGN_ADDRESS}; others ignore it
   * @return true if the IOMMU let it
   * @throws IommuException EINVAL if the device has not used a buffer that way before
   */
  public final boolean misbehave(Misbehaviour how, long foreign) {
    byte[] stray = new byte[STRAY_BYTES];
    Arrays.fill(stray, STRAY);
    return write(
        switch (how) {
          case WRITE_PAST_BUFFER -> used(filled).last() + 1;
          case USE_AFTER_UNMAP -> used(filled).address();
          case WRONG_DIRECTION -> used(fetched).address();
          case FOREIGN_ADDRESS -> foreign;
        },
        stray);
  }

  private DmaSegment used(Optional<DmaSegment> buffer) {
    return buffer.orElseThrow(
        () -> new IommuException(Errno.EINVAL, name + " has not used a buffer that way yet"));
  }
}
