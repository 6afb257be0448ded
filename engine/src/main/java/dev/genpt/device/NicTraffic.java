package dev.genpt.device;

import dev.genpt.amd.driver.DmaSegment;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Random frames for the network card of a {@link Machine}: those that go out lie in pieces at odd
 * addresses, those that come in have up to 9000 bytes.
 */
public final class NicTraffic extends Traffic {
  private static final int ENTRIES = 32;

  /**
   * Three pages. Addresses are handed out in powers of two, so one page behind a buffer leads
   * nowhere.
   */
  private static final int BUFFER_BYTES = 0x3000;

  private static final int MOST_FRAMES = 6;
  private static final int MOST_PARTS = 4;
  private static final int MOST_FRAME_BYTES = 9000;

  /** Memory of a part, lg2, and of the parts of a frame. */
  private static final int PART_LG2 = 13;

  private static final int FRAME_LG2 = 15;
  private static final int MOST_OFFSET = 4096;

  private final Machine machine;
  private final HostDma dma;
  private final NicDriver driver;
  private final Random random;
  private final List<Long> frameMemory = new ArrayList<>();

  /** Starts the card. */
  public NicTraffic(Machine machine) {
    super(machine.nic(), machine.driveDma());
    this.machine = machine;
    dma = machine.nicDma();
    random = new Random(machine.config().seed());
    driver = NicDriver.start(machine.nic(), dma, ENTRIES, BUFFER_BYTES);
    for (int i = 0; i < MOST_FRAMES; i++) {
      frameMemory.add(dma.allocate(FRAME_LG2));
    }
  }

  @Override
  public List<DmaBuffer> standing() {
    return driver.rings();
  }

  @Override
  public List<DmaBuffer> posted() {
    List<DmaBuffer> posted = new ArrayList<>(driver.receiveBuffers());
    posted.addAll(driver.transmitBuffers());
    return posted;
  }

  @Override
  public void round() {
    driver.refill();
    List<byte[]> sent = new ArrayList<>();
    int count = 1 + random.nextInt(MOST_FRAMES);
    for (int i = 0; i < count; i++) {
      sent.add(post(frameMemory.get(i)));
    }
    machine.nic().transmit();
    driver.collectSent();
    List<byte[]> onTheWire = machine.takeSentFrames();
    for (int i = 0; i < count; i++) {
      countOut(sent.get(i).length, arrived(sent, onTheWire, i));
    }

    List<byte[]> coming = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      coming.add(randomBytes(1 + random.nextInt(MOST_FRAME_BYTES)));
      machine.nic().receive(coming.getLast());
    }
    List<byte[]> received = driver.collectReceived();
    for (int i = 0; i < count; i++) {
      countIn(coming.get(i).length, arrived(coming, received, i));
    }
    driver.refill();
  }

  private static boolean arrived(List<byte[]> sent, List<byte[]> got, int index) {
    return got.size() == sent.size() && Arrays.equals(sent.get(index), got.get(index));
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Writes a frame to memory in pieces, and posts it. */
  private byte[] post(long memory) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    List<DmaSegment> parts = new ArrayList<>();
    int count = 1 + random.nextInt(MOST_PARTS);
    for (int i = 0; i < count; i++) {
      byte[] part = randomBytes(1 + random.nextInt(MOST_FRAME_BYTES / MOST_PARTS));
      long pa = memory + ((long) i << PART_LG2) + random.nextInt(MOST_OFFSET);
      dma.memory().write(pa, part);
      parts.add(new DmaSegment(pa, part.length));
      frame.writeBytes(part);
    }
    driver.send(parts);
    return frame.toByteArray();
  }

  @Override
  void moveIn() {
    driver.refill();
    machine.nic().receive(randomBytes(MOST_FRAME_BYTES));
  }

  @Override
  void moveOut() {
    post(frameMemory.getFirst());
    machine.nic().transmit();
    machine.takeSentFrames();
  }

  @Override
  void collect() {
    driver.collectSent();
    driver.collectReceived();
  }

  @Override
  public void close() {
    driver.close();
    frameMemory.forEach(dma::free);
    frameMemory.clear();
  }
}
