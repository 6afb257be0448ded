package dev.genpt.amd.hardware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.genpt.error.IommuException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Devices that move bytes: split requests, IOTLBs of their own, several IOMMUs. */
final class DmaTest {
  private static final long RW = Board.IR | Board.IW;
  private static final long PA = 0x3000_0000L;
  private static final long NEW = 0x3100_0000L;

  private final Board board = new Board();
  private final HandTable table = HandTable.host(board, 3);

  private void map(long iova, long pa, long rights) {
    table.put(iova, 1, 1 | rights | pa);
  }

  private static byte[] numbered(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 7 + 1);
    }
    return bytes;
  }

  private DmaPort port(DmaPath path) {
    return new DmaPort(path, board.memory, Board.DEVICE, Request.NO_PASID);
  }

  @Test
  void bytesArriveWhereTheyAreMapped() {
    board.attach(table);
    map(0x1000, PA, RW);
    map(0x2000, NEW, RW);
    DmaPort port = port(board.iommu);
    byte[] sent = numbered(5000);
    board.memory.write64(PA, -1L);
    assertEquals(new DmaPort.Outcome.Done(), port.write(0x1003, sent));
    byte[] back = new byte[5000];
    assertEquals(new DmaPort.Outcome.Done(), port.read(0x1003, back));
    assertArrayEquals(sent, back);
    assertEquals(0x1d16_0f08_01ff_ffffL, board.memory.read64(PA));
    assertEquals((byte) (4093 * 7 + 1), (byte) board.memory.read64(NEW));
  }

  @Test
  void whatComesBeforeAFaultIsMade() {
    board.attach(table);
    map(0x1000, PA, RW);
    map(0x2000, NEW, Board.IR);
    var aborted =
        assertInstanceOf(
            DmaPort.Outcome.Aborted.class, port(board.iommu).write(0x1ff0, numbered(32)));
    assertEquals(16, aborted.bytes());
    assertEquals("00000300 20700042 00002000 00000000", aborted.event().orElseThrow().toString());
    assertEquals(8, (byte) (board.memory.read64(PA + 0xff0) >>> 8));
    assertEquals(0, board.memory.read64(NEW));
  }

  @Test
  void aPageWithoutMemoryAbortsWithoutAnEvent() {
    board.attach(table);
    map(0x1000, Board.NO_MEMORY, RW);
    assertEquals(
        new DmaPort.Outcome.Aborted(0, Optional.empty()),
        port(board.iommu).read(0x1000, new byte[4]));
    assertEquals(List.of(), board.events());
    assertEquals(new DmaPort.Outcome.Done(), port(board.iommu).write(0xfee0_0000L, new byte[4]));
  }

  @Test
  void aDeviceKeepsItsTranslationsUntilItIsTold() {
    board.entry(Board.TRANSLATES | 3 << 9 | table.root(), Board.DOMAIN | Board.I);
    map(0x1000, PA, RW);
    List<PageResponse> responses = new ArrayList<>();
    DeviceIotlb device = DeviceIotlb.attach(board.iommu, Board.DEVICE, responses::add);
    DmaPort port = port(device);
    assertEquals(new DmaPort.Outcome.Done(), port.write(0x1000, numbered(8)));
    map(0x1000, NEW, RW);
    board.invalidateDomain();
    port.write(0x1000, numbered(8));
    assertEquals(0, board.memory.read64(NEW), "stale: the device was not told");
    board.command(4L << 60 | Board.DEVICE, 0x1000);
    port.write(0x1000, numbered(8));
    assertEquals(0x322b_241d_160f_0801L, board.memory.read64(NEW));
    map(0x1000, 0, 0);
    board.invalidateDomain();
    device.clear();
    assertEquals(new DmaPort.Outcome.Aborted(0, Optional.empty()), port.write(0x1000, numbered(8)));
    board.command(7L << 60 | Board.DEVICE, 0);
    assertEquals(List.of(new PageResponse(Request.NO_PASID, 0, 0)), responses);
  }

  @Test
  void aReadTranslationDoesNotAllowAWrite() {
    board.entry(Board.TRANSLATES | 3 << 9 | table.root(), Board.DOMAIN | Board.I);
    map(0x1000, PA, Board.IR);
    DmaPort port = port(DeviceIotlb.attach(board.iommu, Board.DEVICE, _ -> {}));
    assertEquals(new DmaPort.Outcome.Done(), port.read(0x1000, new byte[1]));
    assertEquals(new DmaPort.Outcome.Aborted(0, Optional.empty()), port.write(0x1000, new byte[1]));
    map(0x1000, PA, RW);
    board.invalidateDomain();
    assertEquals(new DmaPort.Outcome.Done(), port.write(0x1000, new byte[1]));
    board.entry(1, 0);
    assertInstanceOf(DmaPort.Outcome.Aborted.class, port.write(0x1000, new byte[1]));
    assertEquals("00000300 82000000 30000000 00000000", board.events().getLast().toString());
  }

  @Test
  void aPageForUntranslatedAccessesIsNotKept() {
    board.entry(Board.TRANSLATES | 3 << 9 | table.root(), Board.DOMAIN | Board.I);
    map(0x1000, PA | 1L << 59, RW);
    DmaPort port = port(DeviceIotlb.attach(board.iommu, Board.DEVICE, _ -> {}));
    port.read(0x1000, new byte[1]);
    map(0x1000, 0, 0);
    board.invalidateDomain();
    assertInstanceOf(DmaPort.Outcome.Aborted.class, port.read(0x1000, new byte[1]));
  }

  @Test
  void devicesAreBehindDifferentIommus() {
    Board other = board.neighbour();
    IommuSystem system = new IommuSystem(List.of(board.iommu, other.iommu));
    system.place(0, Board.DEVICE, 1);
    board.entry(1, 0);
    other.iommu.write64(0x18, 0);
    assertInstanceOf(DmaPort.Outcome.Done.class, port(system).read(0x1000, new byte[1]));
    system.place(Board.DEVICE, Board.DEVICE, 0);
    assertInstanceOf(DmaPort.Outcome.Aborted.class, port(system).read(0x1000, new byte[1]));
    DmaPort none = new DmaPort(system, board.memory, 0x7000, Request.NO_PASID);
    assertInstanceOf(DmaPort.Outcome.Done.class, none.read(0x1000, new byte[1]));
    assertEquals(0, system.runCommands());
    assertEquals(2, system.iommus().size());
    assertThrows(
        IommuException.class, () -> new IommuSystem(List.of(board.iommu, new Board().iommu)));
  }
}
