package dev.genpt.amd.hardware;

import static dev.genpt.amd.hardware.Board.assertMapped;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guest tables whose addresses a host table translates. Guest physical addresses are their system
 * physical ones plus {@link #APART}.
 */
final class NestedWalkTest {
  private static final long APART = 0x40_0000_0000L;
  private static final long GVA = 0x4020_1234L;
  private static final int PASID = 5;
  private static final long RW = Board.IR | Board.IW;

  private final Board board = new Board();
  private final HandTable host = HandTable.host(board, 4);
  private final long gcr3 = board.newTable();
  private final long[] tables = new long[4];

  /** A guest table of four levels with one leaf of a size. */
  private void attach(int leafLevel, long leaf, boolean gcr3IsGuest, long had) {
    for (int level = leafLevel; level <= 4; level++) {
      tables[level - 1] = board.newTable();
      mapTable(tables[level - 1], RW);
    }
    for (int level = 4; level > leafLevel; level--) {
      board.memory.write64(entryOf(level), (tables[level - 2] + APART) | 0x27);
    }
    board.memory.write64(entryOf(leafLevel), leaf);
    board.memory.write64(gcr3 + PASID * 8, (tables[3] + APART) | 1);
    mapTable(gcr3, RW);
    long root = gcr3IsGuest ? gcr3 + APART : gcr3;
    board.control(gcr3IsGuest ? Control.GCR3_IS_GUEST_ADDRESS : 0);
    board.entry(
        Board.TRANSLATES | Board.GV | 4 << 9 | had << 7 | host.root() | Board.gcr3Low(root),
        Board.gcr3High(root));
  }

  private void mapTable(long table, long rights) {
    host.put(table + APART, 1, 1 | rights | table);
  }

  private long entryOf(int level) {
    return tables[level - 1] + (GVA >>> (12 + 9 * (level - 1)) & 0x1ff) * 8;
  }

  private Translation request(Access access) {
    return board.iommu.translate(Board.DEVICE, PASID, GVA, access);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bothStages(boolean gcr3IsGuest) {
    attach(1, 0x5067, gcr3IsGuest, 0);
    host.put(0x5000, 1, 1 | RW | 0x1234_5000L);
    assertMapped(0x1234_5234L, 12, request(Access.WRITE));
    assertMapped(0x1234_5234L, 12, request(Access.READ));
  }

  @ParameterizedTest
  @CsvSource({
    // guest level and leaf, host level and leaf, address, size
    "2, 0x4000e7, 1, 0x12345001, 0x12345234, 12",
    "1, 0x401067, 2, 0x40200001, 0x40201234, 12",
    "2, 0x4000e7, 2, 0x40200001, 0x40201234, 21",
    "3, 0x400000e7, 2, 0x40200001, 0x40201234, 21",
    "2, 0x400000e7, 3, 0x80000001, 0x80001234, 21",
  })
  void theSmallerPageCounts(
      int guestLevel, String guest, int hostLevel, String hostWord, String pa, int sizeLg2) {
    long leaf = Long.decode(guest);
    attach(guestLevel, leaf, false, 0);
    long size = 1L << (12 + 9 * (guestLevel - 1));
    host.put((leaf & -size) | (GVA & size - 1), hostLevel, RW | Long.decode(hostWord));
    assertMapped(Long.decode(pa), sizeLg2, request(Access.WRITE));
    assertMapped(Long.decode(pa), sizeLg2, request(Access.READ));
  }

  @Test
  void theHostRefusesTheFinalAddress() {
    attach(1, 0x5067, true, 0);
    board.assertPageFault(0x020, 0x5234, request(Access.WRITE));
    host.put(0x5000, 1, 1 | Board.IR | 0x1234_5000L);
    assertMapped(0x1234_5234L, 12, request(Access.READ));
    board.assertPageFault(0x070, 0x5234, request(Access.WRITE));
    board.assertPageFault(0x070, 0x5234, request(Access.WRITE));
  }

  @Test
  void theHostRefusesATableOfTheGuest() {
    attach(1, 0x5067, true, 0);
    host.put(0x5000, 1, 1 | RW | 0x1234_5000L);
    host.put(tables[1] + APART, 1, 0);
    long at = entryOf(2) + APART;
    board.assertPageFault(0x000, at, request(Access.WRITE));
    mapTable(tables[1], Board.IW);
    board.assertPageFault(0x050, at, request(Access.WRITE));
    mapTable(tables[1], RW);
    host.put(gcr3 + APART, 1, 0);
    board.command(8L << 60, 0);
    board.assertPageFault(0x000, gcr3 + APART + PASID * 8, request(Access.READ));
  }

  @Test
  void theHostForbidsToMarkATableOfTheGuest() {
    attach(1, 0x5007, true, 0);
    host.put(0x5000, 1, 1 | RW | 0x1234_5000L);
    mapTable(tables[0], Board.IR);
    board.assertPageFault(0x070, entryOf(1) + APART, request(Access.READ));
    board.memory.write64(entryOf(1), 0x5067);
    assertMapped(0x1234_5234L, 12, request(Access.READ));
  }

  @Test
  void hostLeavesOfAllWalksAreMarked() {
    attach(1, 0x5007, true, 3);
    host.put(0x5000, 1, 1 | RW | 0x1234_5000L);
    request(Access.READ);
    assertEquals(0x20, host.word(0x5000, 1) & 0x60);
    assertEquals(0x60, host.word(tables[0] + APART, 1) & 0x60, "the guest's A bit is a write");
    assertEquals(0x20, host.word(tables[1] + APART, 1) & 0x60);
    assertEquals(0x20, host.word(gcr3 + APART, 1) & 0x60);
    request(Access.WRITE);
    assertEquals(0x60, host.word(0x5000, 1) & 0x60);
    assertEquals(0x60, board.memory.read64(entryOf(1)) & 0x60);
  }

  @Test
  void hostTablesThatAreNotThere() {
    attach(1, 0x5067, true, 0);
    host.put(0x5000, 3, 0x6000_0000_0000_0001L | 2 << 9 | Board.NO_MEMORY);
    board.assertFault("00000300 44000042 00000000 00000100", request(Access.READ));
  }

  @Test
  void aChangeOfTheParentReachesAllGuests() {
    attach(1, 0x5067, true, 0);
    host.put(0x5000, 1, 1 | RW | 0x1234_5000L);
    request(Access.READ);
    host.put(0x5000, 1, 1 | RW | 0x6789_a000L);
    assertMapped(0x1234_5234L, 12, request(Access.READ));
    board.invalidate(0x5000, false, false);
    assertMapped(0x6789_a234L, 12, request(Access.READ));
  }

  @Test
  void anInvalidationOfOnePasidLeavesTheOthers() {
    attach(1, 0x5067, true, 0);
    board.memory.write64(gcr3 + 6 * 8, (tables[3] + APART) | 1);
    host.put(0x5000, 1, 1 | RW | 0x1234_5000L);
    host.put(0x6000, 1, 1 | RW | 0x6789_a000L);
    request(Access.READ);
    board.iommu.translate(Board.DEVICE, 6, GVA, Access.READ);
    board.memory.write64(entryOf(1), 0x6067);
    board.command(3L << 60 | (long) Board.DOMAIN << 32 | 6, 0x7fff_ffff_ffff_f007L);
    assertMapped(0x1234_5234L, 12, request(Access.READ));
    assertMapped(0x6789_a234L, 12, board.iommu.translate(Board.DEVICE, 6, GVA, Access.READ));
  }
}
