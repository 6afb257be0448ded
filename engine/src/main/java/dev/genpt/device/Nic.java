package dev.genpt.device;

import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.amd.hardware.DmaPath;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PhysicalMemory;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A simulated network card. It sends frames that it gathers from the buffers of its transmit ring,
 * and scatters frames that come over those of its receive ring.
 *
 * <p>Doorbells tell it how far its rings are filled; it works when {@link #transmit} or {@link
 * #receive} is called.
 *
 * <p>Threads: one at a time.
 */
public final class Nic extends DmaDevice {
  private final Consumer<byte[]> wire;
  private Ring transmitRing = new Ring(0, 1, NicDescriptor.BYTES);
  private Ring receiveRing = new Ring(0, 1, NicDescriptor.BYTES);

  /**
   * A card without rings.
   *
   * @param deviceId its requester ID, 0..0xffff
   * @param path the IOMMU
   * @param trace gets every access
   * @param wire gets the frames that it sends
   */
  public Nic(
      int deviceId, DmaPath path, PhysicalMemory memory, Trace trace, Consumer<byte[]> wire) {
    super("nic", deviceId, path, memory, trace);
    this.wire = wire;
  }

  // ---- Its registers

  /** Takes rings of {@code entries} descriptors each, at addresses for the device; both empty. */
  void setRings(long transmit, long receive, int entries) {
    transmitRing = new Ring(transmit, entries, NicDescriptor.BYTES);
    receiveRing = new Ring(receive, entries, NicDescriptor.BYTES);
  }

  /** Frames to send lie before entry {@code tail}. */
  void transmitDoorbell(int tail) {
    transmitRing.setTail(tail);
  }

  /** Buffers to fill lie before entry {@code tail}. */
  void receiveDoorbell(int tail) {
    receiveRing.setTail(tail);
  }

  // ---- Its work

  /**
   * Sends what is in the transmit ring. A frame that it can't read is dropped, and its descriptors
   * say so.
   *
   * @return frames sent
   */
  public int transmit() {
    int frames = 0;
    boolean whole = true;
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    while (!transmitRing.isEmpty()) {
      Optional<NicDescriptor> fetched = fetch(transmitRing, transmitRing.head());
      if (fetched.isEmpty()) {
        return frames;
      }
      NicDescriptor part = fetched.get();
      byte[] bytes = new byte[part.length()];
      boolean reached = read(part.address(), bytes);
      noteFetched(new DmaSegment(part.address(), part.length()));
      frame.writeBytes(bytes);
      whole &= reached;
      finish(transmitRing, part.used(part.length(), part.end(), reached));
      if (part.end()) {
        if (whole) {
          wire.accept(frame.toByteArray());
          frames++;
        }
        frame.reset();
        whole = true;
      }
    }
    return frames;
  }

  /**
   * A frame comes over the wire, and goes to the next buffers of the receive ring.
   *
   * @return false if it was dropped: there are too few buffers, or memory could not be reached
   * @throws IommuException EINVAL for an empty frame
   */
  public boolean receive(byte[] frame) {
    if (frame.length == 0) {
      throw new IommuException(Errno.EINVAL, "a frame of 0 bytes");
    }
    List<NicDescriptor> buffers = new ArrayList<>();
    int room = 0;
    for (int slot = receiveRing.head(); room < frame.length; slot = receiveRing.next(slot)) {
      if (slot == receiveRing.tail()) {
        return false;
      }
      Optional<NicDescriptor> buffer = fetch(receiveRing, slot);
      if (buffer.isEmpty()) {
        return false;
      }
      buffers.add(buffer.get());
      room += buffer.get().length();
    }
    boolean whole = true;
    int done = 0;
    for (NicDescriptor buffer : buffers) {
      int bytes = Math.min(buffer.length(), frame.length - done);
      boolean reached = write(buffer.address(), Arrays.copyOfRange(frame, done, done + bytes));
      noteFilled(new DmaSegment(buffer.address(), buffer.length()));
      done += bytes;
      whole &= reached;
      finish(receiveRing, buffer.used(bytes, done == frame.length, reached));
    }
    return whole;
  }

  private Optional<NicDescriptor> fetch(Ring ring, int slot) {
    byte[] bytes = new byte[NicDescriptor.BYTES];
    return read(ring.slot(slot), bytes)
        ? Optional.of(NicDescriptor.decode(bytes))
        : Optional.empty();
  }

  /** Tells the driver what became of the descriptor at the head. */
  private void finish(Ring ring, NicDescriptor used) {
    write(ring.slot(ring.head()), used.encode());
    ring.advanceHead();
  }
}
