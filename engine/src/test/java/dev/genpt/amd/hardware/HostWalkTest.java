package dev.genpt.amd.hardware;

import static dev.genpt.amd.hardware.Board.assertMapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Host tables, written by hand: every size, every fault, permissions, A and D. */
final class HostWalkTest {
  private static final long IOVA = 0xdead_b000L;
  private static final long RW = Board.IR | Board.IW;

  private final Board board = new Board();

  private HandTable table(int levels) {
    HandTable table = HandTable.host(board, levels);
    board.attach(table);
    return table;
  }

  static IntStream sizes() {
    return IntStream.rangeClosed(12, 52).filter(size -> size != 39);
  }

  /** The word of a leaf of a size: plain, or with the size in the address. */
  private static long leaf(long pa, int sizeLg2) {
    boolean plain = (sizeLg2 - 12) % 9 == 0;
    return 1 | RW | pa | (plain ? 0 : (7 << 9) | sizeBits(sizeLg2));
  }

  private static long sizeBits(int sizeLg2) {
    return Log2.toMax(sizeLg2 - 1) & ~0xfffL;
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void everySizeAtItsFirstMiddleAndLastSlot(int sizeLg2) {
    int level = (sizeLg2 - 12) / 9 + 1;
    HandTable table = table(6);
    int slots = 1 << (sizeLg2 - 12 - 9 * (level - 1));
    int slotLg2 = 12 + 9 * (level - 1);
    long block = sizeLg2 == 52 ? 0 : Log2.alignDown(0x000d_5a5a_5a5a_5000L, sizeLg2);
    long iova = Log2.alignDown(0x1234_5678_9abc_d000L, sizeLg2);
    for (int slot : new int[] {0, slots / 2, slots - 1}) {
      long at = iova + Log2.mul(slot, slotLg2);
      table.put(at, level, leaf(block, sizeLg2));
      board.invalidateDomain();
      for (long offset : new long[] {0, 0x234, Log2.toMax(slotLg2)}) {
        long within = Log2.mul(slot, slotLg2) + offset;
        assertMapped(block + within, sizeLg2, board.read(iova + within));
      }
    }
  }

  @Test
  void theLargestSizeAndTheOneThatSoftwareAvoidsWork() {
    HandTable table = table(6);
    table.put(0, 4, 1 | RW | 7 << 9 | sizeBits(41));
    table.put(0x1f_1234_5678_9abcL, 5, 1 | RW | 7 << 9 | sizeBits(52));
    assertMapped(0x12_3456_7890L, 41, board.read(0x12_3456_7890L));
    assertMapped(0xf_1234_5678_9abcL, 52, board.read(0x1f_1234_5678_9abcL));
    table.put(2L << 52, 4, leaf(0, 39));
    assertMapped(0x7f_ffff_ffffL, 39, board.read((2L << 52) + 0x7f_ffff_ffffL));
  }

  @Test
  void theExampleOfTheSpecification() {
    HandTable table = table(4);
    for (int slot = 0; slot < 16; slot++) {
      table.put(0x4020_0000L + slot * 0x1000L, 1, 0x7000_0000_1234_7e01L);
    }
    assertMapped(0x1234_1234L, 16, board.read(0x4020_1234L));
    var mapped = assertInstanceOf(Translation.Mapped.class, board.read(0x4020_1234L));
    assertTrue(mapped.forceCoherent() && mapped.readable() && mapped.writable());
    assertFalse(mapped.untranslatedOnly());
    assertEquals(0x1234_0000L, mapped.page());
  }

  @Test
  void aPlainLeafDropsTheLowBitsOfItsAddress() {
    table(3).put(0x4020_0000L, 2, 1 | RW | 0x8123_4000L | 1L << 59);
    assertMapped(0x8120_1234L, 21, board.read(0x4020_1234L));
    assertTrue(
        assertInstanceOf(Translation.Mapped.class, board.read(0x4020_1234L)).untranslatedOnly());
  }

  @Test
  void levelsMayBeSkipped() {
    HandTable table = table(4);
    long low = board.newTable();
    table.put(0, 4, 0x6000_0000_0000_0001L | 2 << 9 | low);
    board.memory.write64(low + 8, leaf(0x4020_0000L, 21));
    assertMapped(0x4020_1234L, 21, board.read(0x20_1234L));
    board.assertPageFault(0x010, 0x4020_1234L, board.read(0x4020_1234L));
    board.assertPageFault(0x030, 0x4020_1234L, board.write(0x4020_1234L));
  }

  static Stream<String> faultRows() {
    return Stream.of(
        // what, level, word, read flags or -, write flags
        "not present,           1, 0,                  000, 020",
        "not present above,     3, 6000000000001400,   000, 020",
        "reserved in a leaf,    1, 7010000012345001,   090, 0b0",
        "reserved in a leaf,    1, 7400000012345001,   090, 0b0",
        "reserved when sized,   1, 7080000012347e01,   090, 0b0",
        "reserved in a pointer, 2, 7000000000001201,   090, 0b0",
        "reserved in a pointer, 3, 6010000000001401,   090, 0b0",
        "read-only,             1, 2000000012345001,   -,   070",
        "write-only,            1, 4000000012345001,   050, -",
        "neither,               2, 0000000040200001,   050, 070",
        "leaf at level 6,       6, 6000000000000001,   010, 030",
        "sized at level 6,      6, 60000ffffffffe01,   010, 030",
        "size of its default,   2, 6000000000000e01,   010, 030",
        "size of the next,      1, 60000000000ffe01,   010, 030",
        "size below level,      3, 6000000000000e01,   010, 030",
        "no zero in the size,   5, 600ffffffffffe01,   010, 030",
        "level too high,        2, 6000000000001401,   010, 030",
        "level of its own,      2, 6000000000001401,   010, 030",
        "level above the root,  3, 6000000000001c01,   010, 030",
        "permission before the level, 2, 2000000000001601, 010, 070");
  }

  @ParameterizedTest
  @MethodSource("faultRows")
  void everyFaultRow(String row) {
    String[] cells = row.split(",\\s*", -1);
    HandTable table = table(6);
    int level = Integer.parseInt(cells[1]);
    table.put(IOVA, level, Long.parseUnsignedLong(cells[2], 16));
    if (!cells[3].equals("-")) {
      board.assertPageFault(Integer.parseInt(cells[3], 16), IOVA, board.read(IOVA));
    }
    if (!cells[4].equals("-")) {
      board.assertPageFault(Integer.parseInt(cells[4], 16), IOVA, board.write(IOVA));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 21", "2, 30", "3, 39", "4, 48", "5, 57"})
  void addressesAboveTheTableFault(int levels, int widthLg2) {
    HandTable table = table(levels);
    table.put(0, 1, leaf(0x1234_5000L, 12));
    assertMapped(0x1234_5000L, 12, board.read(0));
    long above = 1L << widthLg2;
    board.assertPageFault(0x010, above, board.read(above));
    board.assertPageFault(0x030, 1L << 63, board.write(1L << 63));
  }

  @Test
  void sixLevelsDecodeEveryBit() {
    table(6).put(-0x1000L, 1, leaf(0x1234_5000L, 12));
    assertMapped(0x1234_5fffL, 12, board.read(-1L));
  }

  @Test
  void memoryThatIsNotThereIsAHardwareError() {
    HandTable table = table(4);
    table.put(IOVA, 3, 0x6000_0000_0000_0001L | 2 << 9 | Board.NO_MEMORY);
    board.assertFault("00000300 44000042 000007a8 00000100", board.read(IOVA));
    board.assertFault("00000300 44200042 000007a8 00000100", board.write(IOVA));
    assertEquals(1, board.iommu.read64(0x50) & 1);
    assertEquals(Board.NO_MEMORY + 0x7a8, board.iommu.read64(0x48));
  }

  @Test
  void permissionsOfAllLevelsAreANDed() {
    HandTable table = table(4);
    table.put(IOVA, 1, leaf(0x1234_5000L, 12));
    long pointer = table.word(IOVA, 3);
    table.put(IOVA, 3, pointer & ~Board.IW);
    var mapped = assertInstanceOf(Translation.Mapped.class, board.read(IOVA));
    assertTrue(mapped.readable());
    assertFalse(mapped.writable());
    board.assertPageFault(0x070, IOVA, board.write(IOVA));
  }

  @ParameterizedTest
  @CsvSource({
    // HAD, after a read, after a write
    "0, 0, 0",
    "1, 20, 20",
    "3, 20, 60",
  })
  void marksWhatTheEntryAsksFor(int had, String read, String written) {
    HandTable table = HandTable.host(board, 3);
    for (int slot = 0; slot < 16; slot++) {
      table.put(slot * 0x1000L, 1, 0x7000_0000_1234_7e01L);
    }
    board.entry(Board.TRANSLATES | 3 << 9 | table.root() | (long) had << 7, Board.DOMAIN);
    long pointer = table.word(0, 2);
    board.read(0x3000);
    assertEquals(Long.parseLong(read, 16), table.word(0x3000, 1) & 0x60);
    board.write(0x3000);
    assertEquals(Long.parseLong(written, 16), table.word(0x3000, 1) & 0x60);
    assertEquals(0x7000_0000_1234_7e01L, table.word(0x2000, 1), "the slot of the address alone");
    assertEquals(pointer, table.word(0, 2), "pointers are left alone");
  }

  @Test
  void aRefusedAccessMarksNothing() {
    HandTable table = HandTable.host(board, 3);
    table.put(0, 1, leaf(0x1234_5000L, 12) & ~Board.IW);
    board.entry(Board.TRANSLATES | 3 << 9 | table.root() | 3 << 7, Board.DOMAIN);
    board.assertPageFault(0x070, 0, board.write(0));
    assertEquals(0, table.word(0, 1) & 0x60);
  }

  @Test
  void whatTheHardwareCanNotMarkStays() {
    Board bare =
        new Board(
            IommuFeatures.DEFAULT
                .without(IommuFeatures.Bit.HA_SUP)
                .without(IommuFeatures.Bit.HD_SUP),
            CacheConfig.ADVERSARIAL);
    HandTable table = HandTable.host(bare, 3);
    table.put(0, 1, leaf(0x1234_5000L, 12));
    bare.entry(Board.TRANSLATES | 3 << 9 | table.root() | 3 << 7, Board.DOMAIN);
    bare.write(0);
    assertEquals(0, table.word(0, 1) & 0x60);
  }
}
