package dev.genpt.amd.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Worked examples, word by word: commands, events and page requests. */
final class ExamplesTest {
  private static final long IOVA = 0xdead_b000L;

  private final Board board = new Board();

  private static Optional<Command> decode(String words) {
    String[] d = words.split(" ", 4);
    return Command.decode(
        Long.parseUnsignedLong(d[1] + d[0], 16),
        Long.parseUnsignedLong(d[3] + d[2], 16),
        IommuFeatures.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "402ff003 00000000, 0x40200000, 21",
    "00001002 00000000, 0x1000, 12",
    "00001003 00000000, 0, 14",
    "007ff003 00000000, 0, 24",
    "00017003 00000000, 0x10000, 16",
    "40201003 00000000, 0x40200000, 14",
    "fffff003 7fffffff, 0, 64",
    "fffff003 ffffffff, 0, 64",
    "fffff003 0003ffff, 0, 51",
    "fffff003 0007ffff, 0, 64",
  })
  void rangesOfInvalidations(String upper, String first, int sizeLg2) {
    assertEquals(
        Optional.of(
            new Command.InvalidatePages(
                0x42, 0, false, true, new AddressBlock(Long.decode(first), sizeLg2))),
        decode("00000000 30000042 " + upper));
  }

  static Stream<Arguments> commands() {
    AddressBlock block = new AddressBlock(0x4020_0000L, 21);
    return Stream.of(
        Arguments.of(
            "00000000 30000042 402ff007 00000000",
            new Command.InvalidatePages(0x42, 0, true, true, block)),
        Arguments.of(
            "00012345 30000042 402ff005 00000000",
            new Command.InvalidatePages(0x42, 0x12345, true, false, block)),
        Arguments.of(
            "00000300 20000000 00000000 00000000", new Command.InvalidateDeviceTableEntry(0x300)),
        Arguments.of(
            "00002001 10000001 00000005 00000000",
            new Command.CompletionWait(true, false, 0x1_0000_2000L, 5)),
        Arguments.of(
            "00000002 10000000 00000000 00000000", new Command.CompletionWait(false, true, 0, 0)),
        Arguments.of(
            "20000300 40000300 402ff001 00000000",
            new Command.InvalidateIotlbPages(0x300, Request.NO_PASID, block)),
        Arguments.of(
            "20120300 40340300 00001004 00000000",
            new Command.InvalidateIotlbPages(0x300, 0x1234, new AddressBlock(0x1000, 12))),
        Arguments.of(
            "20000300 40000300 fffff001 7fffffff",
            new Command.InvalidateIotlbPages(0x300, Request.NO_PASID, AddressBlock.EVERYTHING)),
        Arguments.of(
            "20120300 4f340300 00001004 00000000",
            new Command.InvalidateIotlbPages(0x300, 0xf1234, new AddressBlock(0x1000, 12))),
        Arguments.of(
            "00000300 50000000 00000000 00000000", new Command.InvalidateInterruptTable(0x300)),
        Arguments.of(
            "00000300 70001234 00000004 00000005",
            new Command.CompletePageRequest(0x300, new PageResponse(0x1234, 5, 0))),
        Arguments.of(
            "00000300 70001234 00000004 00002005",
            new Command.CompletePageRequest(0x300, new PageResponse(0x1234, 5, 2))),
        Arguments.of("00000000 80000000 00000000 00000000", new Command.InvalidateAll()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsAreDecoded(String words, Command command) {
    assertEquals(Optional.of(command), decode(words));
  }

  @ParameterizedTest
  @CsvSource({
    // opcode, reserved bits of the lower word, of the upper
    "1, 0x0ff0000000000000, 0",
    "2, 0x0fffffffffff0000, -1",
    "3, 0x0fff0000fff00000, 0xff8",
    "4, 0, 0xfca",
    "5, 0x0fffffffffff0000, -1",
    "7, 0x0ff00000ffff0000, 0x7fff0000fffffffb",
    "8, 0x0fffffffffffffff, -1",
  })
  void everyReservedBitMakesACommandIllegal(int opcode, String low, String high) {
    long reserved0 = Long.decode(low);
    long reserved1 = Long.decode(high) | (opcode == 7 ? 1L << 63 : 0);
    for (int bit = 0; bit < 128; bit++) {
      long q0 = (long) opcode << 60 | (bit < 60 ? 1L << bit : 0);
      long q1 = bit < 64 ? 0 : 1L << (bit - 64);
      if (bit < 60 || bit >= 64) {
        boolean reserved = ((bit < 60 ? q0 & reserved0 : 0) | (q1 & reserved1)) != 0;
        assertEquals(
            reserved,
            Command.decode(q0, q1, IommuFeatures.DEFAULT).isEmpty(),
            opcode + " bit " + bit);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "6", "9", "10", "11", "12", "13", "14", "15"})
  void otherOpcodesAreIllegal(long opcode) {
    assertEquals(Optional.empty(), Command.decode(opcode << 60, 0, IommuFeatures.DEFAULT));
  }

  @Test
  void someCommandsNeedAFeature() {
    IommuFeatures all = IommuFeatures.DEFAULT.with(IommuFeatures.Bit.PREFETCH);
    assertEquals(Optional.of(new Command.Prefetch(3)), Command.decode(6L << 60 | 3, 0x10, all));
    assertEquals(Optional.empty(), Command.decode(6L << 60, 0x20, all));
    assertEquals(Optional.empty(), Command.decode(4L << 60, 0, all.withIotlbSup(false)));
    assertEquals(Optional.empty(), Command.decode(7L << 60, 0, all.without(IommuFeatures.Bit.PPR)));
    assertEquals(Optional.empty(), Command.decode(8L << 60, 0, all.without(IommuFeatures.Bit.IA)));
  }

  @ParameterizedTest
  @CsvSource({
    // level-1 word, write, event
    "0, true, 00000300 20200042 deadb000 00000000",
    "0, false, 00000300 20000042 deadb000 00000000",
    "0x2000000012345001, true, 00000300 20700042 deadb000 00000000",
    "0x6000000012345401, false, 00000300 20100042 deadb000 00000000",
    "0x6010000012345001, true, 00000300 20b00042 deadb000 00000000",
    "0x4000000012345001, false, 00000300 20500042 deadb000 00000000",
  })
  void pageFaults(String word, boolean write, String event) {
    HandTable table = HandTable.host(board, 4);
    table.put(IOVA, 1, Long.decode(word));
    board.attach(table);
    board.assertFault(event, write ? board.write(IOVA) : board.read(IOVA));
  }

  @Test
  void aBlockedDevice() {
    board.entry(1, 0);
    board.assertFault("00000300 20200000 deadb000 00000000", board.write(IOVA));
  }

  @Test
  void aGuestFault() {
    long upper = board.newTable();
    long middle = board.newTable();
    long lower = board.newTable();
    board.memory.write64(upper + (0x12345 >> 18) * 8, middle | 1);
    board.memory.write64(middle + (0x12345 >> 9 & 0x1ff) * 8, lower | 1);
    board.memory.write64(lower + (0x12345 & 0x1ff) * 8, board.newTable() | 1);
    board.attachGuest(upper, 2, 0, 0);
    board.assertFault(
        "00010300 20252345 deadb000 00000000",
        board.iommu.translate(Board.DEVICE, 0x12345, IOVA, Access.WRITE));
  }

  @Test
  void brokenStructures() {
    board.entry(5, 0);
    board.assertFault("00000300 10a00000 deadb000 00000000", board.write(IOVA + 3));
    assertEquals(
        "00000300 34000000 10006000 00000000",
        EventEntry.deviceTableUnreadable(0x300, 0, 0x1000_6000L).toString());
    assertEquals(
        "00000300 44000042 02222008 00000000",
        EventEntry.tableUnreadable(0x300, 0x42, 0, 0x222_2008L).toString());
    assertEquals(
        "00000000 50000000 20000010 00000000", EventEntry.illegalCommand(0x2000_0010L).toString());
    board.assertFault("00000300 80000000 fee01000 00000000", board.read(0xfee0_1000L));
  }

  @Test
  void aPageRequest() {
    PageRequest request =
        new PageRequest(Request.of(0x300, 0x7000, Access.WRITE).withPasid(0x1234), 5, true);
    assertEquals(0x1160_0205_1234_0300L, request.q0());
    assertEquals(0x7000, request.q1());
  }

  @Test
  void deviceTableEntries() {
    HandTable table = HandTable.host(board, 4);
    table.put(0x4020_1234L, 1, 0x7000_0000_1234_5001L);
    for (long had : new long[] {0, 0x180}) {
      for (long ats : new long[] {0, Board.I}) {
        board.entry(0x6000_0000_0000_0803L | had | table.root(), 0x42 | ats);
        Board.assertMapped(0x1234_5234L, 12, board.read(0x4020_1234L));
      }
    }
    board.entry(0x6000_0000_0000_0003L, Board.I);
    var mapped = assertInstanceOf(Translation.Mapped.class, board.write(IOVA));
    assertEquals(IOVA, mapped.address());
  }
}
