package dev.genpt.device;

import dev.genpt.amd.driver.DmaDirection;
import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.bits.Log2;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.memory.PageAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The host's driver of a {@link Nic}: it maps buffers, posts them in the rings, and unmaps them
 * when the card is done.
 *
 * <p>Rings are coherent memory for both; receive buffers are for the card to write, what it sends
 * for the card to read.
 *
 * <p>Threads: one at a time.
 */
public final class NicDriver implements AutoCloseable {
  private static final int MOST_BYTES = 0xffff;

  private final Nic nic;
  private final HostDma dma;
  private final int bufferLg2;
  private final int bufferBytes;
  private final DmaBuffer transmitMemory;
  private final DmaBuffer receiveMemory;
  private final Ring transmitRing;
  private final Ring receiveRing;

  /** What is posted, in the order of the rings. */
  private final Deque<DmaBuffer> transmitting = new ArrayDeque<>();

  private final Deque<DmaBuffer> receiving = new ArrayDeque<>();

  /** Receive memory that is not mapped: physical addresses. */
  private final Deque<Long> spare = new ArrayDeque<>();

  private NicDriver(Nic nic, HostDma dma, int entries, int bufferBytes) {
    this.nic = nic;
    this.dma = dma;
    this.bufferBytes = bufferBytes;
    bufferLg2 = Math.max(PageAllocator.PAGE_LG2, Log2.fls(bufferBytes - 1));
    long ringBytes = (long) entries * NicDescriptor.BYTES;
    transmitMemory = dma.allocateCoherent(ringBytes);
    receiveMemory = dma.allocateCoherent(ringBytes);
    transmitRing = new Ring(transmitMemory.pa(), entries, NicDescriptor.BYTES);
    receiveRing = new Ring(receiveMemory.pa(), entries, NicDescriptor.BYTES);
  }

  /**
   * Starts the card, with a receive ring full of buffers.
   *
   * @param entries descriptors of each ring, 2 to 65536; one stays unused
   * @param bufferBytes of a receive buffer, 1 to 0xffff
   * @throws IommuException EINVAL for other numbers; ENOMEM, ENOSPC
   */
  public static NicDriver start(Nic nic, HostDma dma, int entries, int bufferBytes) {
    if (entries < 2 || entries > 1 << Short.SIZE || bufferBytes < 1 || bufferBytes > MOST_BYTES) {
      throw new IommuException(
          Errno.EINVAL,
          "%d entries and buffers of %#x bytes: need 2 to 65536, and 1 to 0xffff"
              .formatted(entries, bufferBytes));
    }
    NicDriver driver = new NicDriver(nic, dma, entries, bufferBytes);
    nic.setRings(driver.transmitMemory.iova(), driver.receiveMemory.iova(), entries);
    driver.refill();
    return driver;
  }

  // ---- What is mapped

  /** The transmit ring, then the receive ring. */
  public List<DmaBuffer> rings() {
    return List.of(transmitMemory, receiveMemory);
  }

  /** The parts of frames that the card has yet to send, or that were not collected since. */
  public List<DmaBuffer> transmitBuffers() {
    return List.copyOf(transmitting);
  }

  /** The buffers that the card has yet to fill, or that were not collected since. */
  public List<DmaBuffer> receiveBuffers() {
    return List.copyOf(receiving);
  }

  // ---- Sending

  /**
   * Posts a frame.
   *
   * @param parts its pieces of memory, 1 to 0xffff bytes each; they stay as they are until {@link
   *     #collectSent} has counted the frame
   * @throws IommuException ENOSPC if the ring has no room; EINVAL for a part that can't be; as
   *     {@link HostDma#map}. Nothing is then posted
   */
  public void send(List<DmaSegment> parts) {
    if (parts.isEmpty() || parts.stream().anyMatch(part -> part.length() > MOST_BYTES)) {
      throw new IommuException(
          Errno.EINVAL,
          "a frame of %d parts: need some, up to 0xffff bytes".formatted(parts.size()));
    }
    if (parts.size() > transmitRing.room()) {
      throw new IommuException(
          Errno.ENOSPC,
          "a frame of %d parts: the ring has room for %d"
              .formatted(parts.size(), transmitRing.room()));
    }
    List<DmaBuffer> mapped = new ArrayList<>();
    try {
      parts.forEach(
          part -> mapped.add(dma.map(part.address(), part.length(), DmaDirection.TO_DEVICE)));
    } catch (IommuException e) {
      mapped.forEach(dma::unmap);
      throw e;
    }
    for (int i = 0; i < mapped.size(); i++) {
      post(transmitRing, mapped.get(i), i == mapped.size() - 1);
    }
    transmitting.addAll(mapped);
    nic.transmitDoorbell(transmitRing.tail());
  }

  /**
   * Unmaps what the card has sent, or tried to.
   *
   * @return frames that are done, sent or not
   */
  public int collectSent() {
    int frames = 0;
    while (!transmitRing.isEmpty()) {
      NicDescriptor part = descriptorAtHead(transmitRing);
      if (!part.done()) {
        break;
      }
      dma.unmap(transmitting.remove());
      transmitRing.advanceHead();
      frames += part.end() ? 1 : 0;
    }
    return frames;
  }

  // ---- Receiving

  /**
   * Unmaps the buffers that the card has filled, and only then looks at what is in them. The ring
   * is not filled again: {@link #refill} does that.
   *
   * @return the frames; those that the card could not write are left out
   */
  public List<byte[]> collectReceived() {
    List<byte[]> frames = new ArrayList<>();
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    boolean whole = true;
    while (!receiveRing.isEmpty()) {
      NicDescriptor part = descriptorAtHead(receiveRing);
      if (!part.done()) {
        break;
      }
      DmaBuffer buffer = receiving.remove();
      dma.unmap(buffer);
      receiveRing.advanceHead();
      frame.writeBytes(dma.memory().read(buffer.pa(), part.length()));
      spare.add(buffer.pa());
      whole &= !part.error();
      if (part.end()) {
        if (whole) {
          frames.add(frame.toByteArray());
        }
        frame.reset();
        whole = true;
      }
    }
    return frames;
  }

  /**
   * Posts receive buffers until the ring is full.
   *
   * @throws IommuException ENOMEM, ENOSPC
   */
  public void refill() {
    while (receiveRing.room() > 0) {
      if (spare.isEmpty()) {
        spare.add(dma.allocate(bufferLg2));
      }
      DmaBuffer buffer = dma.map(spare.getFirst(), bufferBytes, DmaDirection.FROM_DEVICE);
      spare.remove();
      post(receiveRing, buffer, false);
      receiving.add(buffer);
    }
    nic.receiveDoorbell(receiveRing.tail());
  }

  private void post(Ring ring, DmaBuffer buffer, boolean end) {
    NicDescriptor fresh = NicDescriptor.of(buffer.iova(), (int) buffer.length(), end);
    dma.memory().write(ring.slot(ring.tail()), fresh.encode());
    ring.advanceTail();
  }

  private NicDescriptor descriptorAtHead(Ring ring) {
    return NicDescriptor.decode(dma.memory().read(ring.slot(ring.head()), NicDescriptor.BYTES));
  }

  /** Stops the card, unmaps everything and gives its memory back. */
  @Override
  public void close() {
    nic.setRings(0, 0, 1);
    transmitting.forEach(dma::unmap);
    transmitting.clear();
    for (DmaBuffer buffer : receiving) {
      dma.unmap(buffer);
      spare.add(buffer.pa());
    }
    receiving.clear();
    rings().forEach(dma::freeCoherent);
    spare.forEach(dma::free);
    spare.clear();
  }
}
