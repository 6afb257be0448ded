package dev.genpt.device;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.amd.driver.DmaSegment;
import dev.genpt.amd.driver.PagingDomain;
import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.IotlbGather;
import dev.genpt.table.Protection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The network card and its driver, with rings of four and buffers of 2 KiB. */
final class NicTest {
  private static final int BUFFER = 0x800;

  private final Machine machine = new Machine(MachineConfig.seeded(1));
  private final HostDma dma = machine.nicDma();
  private final Nic nic = machine.nic();
  private final NicDriver driver = NicDriver.start(nic, dma, 4, BUFFER);
  private final long memory = dma.allocate(16);

  private static byte[] frame(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 7 + seed);
    }
    return bytes;
  }

  private IommuDomain space() {
    return ((PagingDomain) machine.driver().device(0, Machine.NIC_ID).domain()).space();
  }

  /** Maps the pages of a buffer anew, so that the device may do something else there. */
  private void remap(DmaBuffer buffer, int protection) {
    long iova = buffer.iova() & -0x1000L;
    long pa = buffer.pa() & -0x1000L;
    IotlbGather gather = new IotlbGather();
    space().unmap(iova, 0x1000, gather);
    space().sync(gather);
    space().map(iova, pa, 0x1000, protection);
  }

  @Test
  void aFrameIsScatteredOverBuffers() {
    byte[] sent = frame(2 * BUFFER + 5, 3);
    assertTrue(nic.receive(sent));
    assertEquals(3, driver.receiveBuffers().size());
    List<byte[]> got = driver.collectReceived();
    assertEquals(1, got.size());
    assertArrayEquals(sent, got.getFirst());
    assertEquals(0, driver.receiveBuffers().size());
  }

  @Test
  void aFrameForWhichThereIsNoRoomIsDropped() {
    assertTrue(nic.receive(frame(BUFFER, 1)));
    assertFalse(nic.receive(frame(3 * BUFFER, 2)));
    assertTrue(nic.receive(frame(2 * BUFFER, 3)));
    assertFalse(nic.receive(frame(1, 4)), "no buffer is left");
    assertEquals(2, driver.collectReceived().size());
    driver.refill();
    assertTrue(nic.receive(frame(3 * BUFFER, 2)));
    assertRefused(Errno.EINVAL, () -> nic.receive(new byte[0]));
  }

  @Test
  void ringsWrap() {
    for (int i = 0; i < 20; i++) {
      byte[] bytes = frame(100 + i, i);
      dma.memory().write(memory + i, bytes);
      driver.send(List.of(new DmaSegment(memory + i, 40), new DmaSegment(memory + i + 40, 60 + i)));
      assertEquals(0, driver.collectSent());
      assertEquals(2, driver.transmitBuffers().size());
      assertEquals(1, nic.transmit());
      assertEquals(1, driver.collectSent());
      assertArrayEquals(bytes, machine.takeSentFrames().getFirst());
      assertTrue(nic.receive(bytes));
      assertArrayEquals(bytes, driver.collectReceived().getFirst());
      driver.refill();
    }
  }

  @Test
  void whatCantBeSentIsRefused() {
    DmaSegment part = new DmaSegment(memory, 10);
    assertRefused(Errno.ENOSPC, () -> driver.send(List.of(part, part, part, part)));
    assertRefused(Errno.EINVAL, () -> driver.send(List.of()));
    assertRefused(Errno.EINVAL, () -> driver.send(List.of(new DmaSegment(memory, 0x10000))));
    DmaSegment nowhere = new DmaSegment(1L << 52, 10);
    assertRefused(Errno.ERANGE, () -> driver.send(List.of(part, nowhere)));
    assertEquals(List.of(), driver.transmitBuffers());
    driver.send(List.of(part, part, part));
    assertEquals(1, nic.transmit());
    assertRefused(Errno.EINVAL, () -> NicDriver.start(nic, dma, 1, BUFFER));
    assertRefused(Errno.EINVAL, () -> NicDriver.start(nic, dma, 4, 0x10000));
    assertRefused(Errno.EINVAL, () -> nic.transmitDoorbell(4));
  }

  @Test
  void buffersThatCantBeReachedAreReported() {
    DmaBuffer first = driver.receiveBuffers().getFirst();
    remap(first, Protection.READ);
    assertFalse(nic.receive(frame(2 * BUFFER, 1)));
    assertTrue(nic.receive(frame(10, 2)));
    List<byte[]> got = driver.collectReceived();
    assertEquals(1, got.size(), "the other frame is left out");
    assertArrayEquals(frame(10, 2), got.getFirst());

    driver.send(List.of(new DmaSegment(memory, 10), new DmaSegment(memory, 10)));
    remap(driver.transmitBuffers().getLast(), Protection.WRITE);
    driver.send(List.of(new DmaSegment(memory, 7)));
    assertEquals(1, nic.transmit(), "the first is dropped");
    assertEquals(7, machine.takeSentFrames().getFirst().length);
    assertEquals(2, driver.collectSent(), "both are done");
  }

  @Test
  void aBlockedCardDoesNothing() {
    driver.send(List.of(new DmaSegment(memory, 10)));
    machine.driver().device(0, Machine.NIC_ID).detach();
    assertEquals(0, nic.transmit());
    assertFalse(nic.receive(frame(10, 1)));
    assertEquals(List.of(), machine.takeSentFrames());
    assertEquals(2, machine.events().size());
  }

  @Test
  void misbehaviourNeedsABufferToBeginWith() {
    assertRefused(Errno.EINVAL, () -> nic.misbehave(Misbehaviour.USE_AFTER_UNMAP, 0));
    assertRefused(Errno.EINVAL, () -> nic.misbehave(Misbehaviour.WRONG_DIRECTION, 0));
    assertTrue(
        nic.misbehave(Misbehaviour.FOREIGN_ADDRESS, driver.receiveBuffers().getFirst().iova()));
  }

  /** The IOMMU knows pages: inside one it sees no end of a buffer. */
  @Test
  void anOverrunInsideThePageIsNotSeen() {
    assertTrue(nic.receive(frame(10, 1)));
    assertTrue(nic.misbehave(Misbehaviour.WRITE_PAST_BUFFER, 0));
    assertEquals(List.of(), machine.events());
  }

  @Test
  void writesToTheInterruptWindowAreNotMemory() {
    assertTrue(nic.misbehave(Misbehaviour.FOREIGN_ADDRESS, 0xfee0_0000L));
    assertEquals("interrupt message", machine.trace().entries().getLast().result());
  }

  @Test
  void theCpuSeesRamAlone() {
    assertThrows(IommuException.class, () -> dma.memory().read(0x1000, 1));
    assertRefused(Errno.EIO, () -> dma.memory().write(0x1000, new byte[1]));
  }

  /** Where the table leads out of memory, the access is aborted without an event. */
  @Test
  void memoryThatIsNotThereAborts() {
    space().map(0x1000, 0x1000, 0x1000, Protection.READ_WRITE);
    assertFalse(nic.misbehave(Misbehaviour.FOREIGN_ADDRESS, 0x1000));
    assertEquals("aborted", machine.trace().lastFault().orElseThrow().result());
    assertEquals(List.of(), machine.events());
  }

  @Test
  void closingUnmapsAll() {
    driver.send(List.of(new DmaSegment(memory, 10)));
    driver.close();
    assertEquals(0, nic.transmit());
    assertFalse(nic.receive(frame(1, 1)));
    List<TraceEntry> trace = machine.trace().entries();
    assertEquals(
        trace.stream().filter(step -> step.kind() == TraceEntry.Kind.MAP).count(),
        trace.stream().filter(step -> step.kind() == TraceEntry.Kind.UNMAP).count());
  }
}
