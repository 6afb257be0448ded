package dev.genpt.amd.hardware;

import static dev.genpt.amd.hardware.Board.assertMapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guest tables, written by hand: levels, sizes, signs, rights, A and D, GCR3 tables. */
final class GuestWalkTest {
  private static final long GVA = 0x4020_1234L;
  private static final int PASID = 5;
  private static final long FIVE_LEVELS = 1L << 54;
  private static final long LEAF = 0x67;
  private static final long LARGE = 0xe7;

  private Board board = new Board();

  /** The device has a guest table for PASID 0, used without one too, and for {@link #PASID}. */
  private HandTable attach(int levels) {
    HandTable table = HandTable.guest(board, levels);
    long gcr3 = board.newTable();
    board.memory.write64(gcr3, table.root() | 1);
    board.memory.write64(gcr3 + PASID * 8, table.root() | 1);
    board.attachGuest(gcr3, 0, Board.GIOV, levels == 5 ? FIVE_LEVELS : 0);
    return table;
  }

  private Translation request(int pasid, long address, Access access) {
    return board.iommu.translate(Request.of(Board.DEVICE, address, access).withPasid(pasid));
  }

  private static String guestFault(int pasid, int flags, long address) {
    return EventEntry.pageFault(Board.DEVICE, pasid, flags, address).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "4, 1, 0x12345067, 0x12345234, 12",
    "4, 2, 0x402000e7, 0x40201234, 21",
    "4, 3, 0x800000e7, 0x80201234, 30",
    "5, 1, 0x12345067, 0x12345234, 12",
    "5, 2, 0x402010e7, 0x40201234, 21",
    "5, 3, 0x800010e7, 0x80201234, 30",
  })
  void everySizeWithBothDepths(int levels, int level, String word, String pa, int sizeLg2) {
    attach(levels).put(GVA, level, Long.decode(word));
    assertMapped(Long.decode(pa), sizeLg2, board.write(GVA));
    assertMapped(Long.decode(pa), sizeLg2, request(PASID, GVA, Access.READ));
    board.assertFault(guestFault(0, 0x025, 0x7f_8000_0000L), board.write(0x7f_8000_0000L));
  }

  @ParameterizedTest
  @CsvSource({"4, 47", "5, 56"})
  void withAPasidAddressesAreSigned(int levels, int signBit) {
    long high = 1L << signBit;
    HandTable table = attach(levels);
    table.put(high, 1, 0x1234_5000L | LEAF);
    assertMapped(0x1234_5000L, 12, board.read(high));
    assertMapped(0x1234_5000L, 12, request(PASID, -high, Access.READ));
    board.assertFault(guestFault(PASID, 0x015, high), request(PASID, high, Access.READ));
    board.assertFault(guestFault(0, 0x035, -high), board.write(-high));
    board.assertFault(guestFault(0, 0x015, high << 1), board.read(high << 1));
  }

  @Test
  void withoutTheModeForRequestsWithoutPasidTheHostTableCounts() {
    HandTable table = HandTable.guest(board, 4);
    long gcr3 = board.newTable();
    board.memory.write64(gcr3, table.root() | 1);
    table.put(GVA, 1, 0x1234_5000L | LEAF);
    board.attachGuest(gcr3, 0, 0, 0);
    assertMapped(GVA, 12, board.read(GVA));
    assertMapped(0x1234_5234L, 12, request(0, GVA, Access.READ));
  }

  @ParameterizedTest
  @CsvSource({
    // level, word, flags of a write as user
    "1, 0, 0x025",
    "3, 0, 0x025",
    "4, 0x122220a7, 0x0b5",
    "3, 0x122220a7, 0x0b5",
    "3, 0x120000a7, 0x0b5",
    "2, 0x120040a7, 0x0b5",
    "1, 0x12345065, 0x075",
    "1, 0x12345063, 0x075",
    "3, 0x00000021, 0x075",
  })
  void everyFaultRow(int level, String word, String flags) {
    attach(4).put(GVA, level, Long.decode(word));
    board.assertFault(
        guestFault(PASID, Integer.decode(flags), GVA), request(PASID, GVA, Access.WRITE));
  }

  @Test
  void rightsOfAllLevelsCount() {
    HandTable table = attach(4);
    table.put(GVA, 1, 0x1234_5000L | LEAF);
    long pointer = table.word(GVA, 3);
    table.put(GVA, 3, pointer & ~2L);
    var mapped = assertInstanceOf(Translation.Mapped.class, board.read(GVA));
    assertFalse(mapped.writable());
    board.assertFault(guestFault(0, 0x075, GVA), board.write(GVA));
    board.assertFault(
        guestFault(PASID, 0x071, GVA),
        board.iommu.translate(
            Request.of(Board.DEVICE, GVA, Access.WRITE).withPasid(PASID).asPrivileged()));
  }

  @Test
  void userAndSupervisor() {
    HandTable table = attach(4);
    table.put(GVA, 1, 0x1234_5063L);
    Request request = Request.of(Board.DEVICE, GVA, Access.READ).withPasid(PASID);
    board.assertFault(guestFault(PASID, 0x055, GVA), board.iommu.translate(request));
    assertMapped(0x1234_5234L, 12, board.iommu.translate(request.asPrivileged()));
    board.assertFault(guestFault(PASID, 0x055, GVA), board.iommu.translate(request));
    board = new Board(IommuFeatures.DEFAULT.without(IommuFeatures.Bit.US), CacheConfig.ADVERSARIAL);
    attach(4).put(GVA, 1, 0x1234_5063L);
    assertMapped(0x1234_5234L, 12, board.iommu.translate(request));
  }

  @Test
  void noExecute() {
    HandTable table = attach(4);
    table.put(GVA, 1, 1L << 63 | 0x1234_5000L | LEAF);
    assertMapped(0x1234_5234L, 12, request(PASID, GVA, Access.READ));
    board.assertFault(guestFault(PASID, 0x057, GVA), request(PASID, GVA, Access.EXECUTE));
    assertMapped(0x1234_5234L, 12, board.iommu.translate(Board.DEVICE, GVA, Access.EXECUTE));
    board = new Board(IommuFeatures.DEFAULT.without(IommuFeatures.Bit.NX), CacheConfig.ADVERSARIAL);
    attach(4).put(GVA, 1, 1L << 63 | 0x1234_5000L | LEAF);
    board.assertFault(guestFault(PASID, 0x095, GVA), request(PASID, GVA, Access.READ));
  }

  @Test
  void accessedAndDirty() {
    HandTable table = attach(4);
    table.put(GVA, 2, 0x4020_0000L | (LARGE & ~0x60L));
    table.put(GVA, 3, table.word(GVA, 3) & ~0x20L);
    board.read(GVA);
    assertEquals(0x20, table.word(GVA, 2) & 0x60);
    assertEquals(0x20, table.word(GVA, 3) & 0x20);
    long reads = board.iommu.counts().walks();
    board.read(GVA);
    assertEquals(reads, board.iommu.counts().walks());
    board.write(GVA);
    assertEquals(0x60, table.word(GVA, 2) & 0x60, "a write of a page that was read walks again");
    assertEquals(reads + 1, board.iommu.counts().walks());
    board.write(GVA);
    assertEquals(reads + 1, board.iommu.counts().walks());
  }

  @Test
  void aPageThatIsDirtyAlreadyIsNotWalkedAgain() {
    attach(4).put(GVA, 1, 0x1234_5000L | LEAF);
    board.read(GVA);
    long walks = board.iommu.counts().walks();
    board.write(GVA);
    assertEquals(walks, board.iommu.counts().walks());
  }

  @ParameterizedTest
  @CsvSource({"48, 0x20", "54, 0x40"})
  void marksMayBeSwitchedOff(int controlBit, String marks) {
    board.control(1L << controlBit);
    HandTable table = attach(4);
    table.put(GVA, 1, 0x1234_5007L);
    board.write(GVA);
    assertEquals(Long.decode(marks), table.word(GVA, 1) & 0x60);
  }

  @Test
  void aRefusedAccessDoesNotMarkItsLeaf() {
    HandTable table = attach(4);
    table.put(GVA, 1, 0x1234_5005L);
    board.assertFault(guestFault(0, 0x075, GVA), board.write(GVA));
    assertEquals(0x1234_5005L, table.word(GVA, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void gcr3TablesOfOneToThreeLevels(int topLevel) {
    int pasid = 0x1234 & ((1 << (9 * (topLevel + 1))) - 1);
    HandTable table = HandTable.guest(board, 4);
    table.put(GVA, 1, 0x1234_5000L | LEAF);
    long gcr3 = board.newTable();
    long at = gcr3;
    for (int level = topLevel; level > 0; level--) {
      long next = board.newTable();
      board.memory.write64(at + ((pasid >> (9 * level)) & 0x1ff) * 8L, next | 0xf01);
      at = next;
    }
    board.memory.write64(at + (pasid & 0x1ff) * 8L, table.root() | 1);
    board.attachGuest(gcr3, topLevel, 0, 0);
    assertMapped(0x1234_5234L, 12, request(pasid, GVA, Access.READ));
    int other = pasid ^ 1;
    board.assertFault(guestFault(other, 0x005, GVA), request(other, GVA, Access.READ));
    if (topLevel < 2) {
      int beyond = 1 << (9 * (topLevel + 1));
      board.assertFault(guestFault(beyond, 0x005, GVA), request(beyond, GVA, Access.READ));
    }
  }

  @Test
  void brokenMemory() {
    long gcr3 = board.newTable();
    board.memory.write64(gcr3 + PASID * 8, Board.NO_MEMORY | 1);
    board.attachGuest(gcr3, 0, 0, 0);
    board.assertFault("00000300 44210005 00000000 00000100", request(PASID, GVA, Access.WRITE));
    board.attachGuest(Board.NO_MEMORY, 0, 0, 0);
    board.command(8L << 60, 0);
    board.assertFault("00000300 44010005 00000028 00000100", request(PASID, GVA, Access.READ));
    assertEquals(List.of(), board.events());
  }

  @Test
  void withoutGuestTranslationTheGuestTableIsHidden() {
    attach(4);
    board.iommu.write64(0x18, board.iommu.read64(0x18) & ~Control.GUEST_EN);
    assertMapped(GVA, 12, board.read(GVA));
    assertTrue(request(PASID, GVA, Access.READ) instanceof Translation.Faulted);
  }
}
