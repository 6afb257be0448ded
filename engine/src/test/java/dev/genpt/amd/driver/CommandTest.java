package dev.genpt.amd.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands and the blocks they cover, against worked words. */
final class CommandTest {
  private static final InvalidationSpace HOST = InvalidationSpace.HOST;

  /** A range, its invalidation for domain 0x42, and what that covers. */
  record Covering(long first, long last, String command, String covered) {}

  static List<Covering> ranges() {
    return List.of(
        new Covering(
            0x40200000L,
            0x403fffffL,
            "00000000 30000042 402ff003 00000000",
            "[0x40200000, 0x403fffff]"),
        new Covering(0x1000, 0x1fff, "00000000 30000042 00001002 00000000", "[0x1000, 0x1fff]"),
        new Covering(0x1000, 0x2fff, "00000000 30000042 00001003 00000000", "[0x0, 0x3fff]"),
        new Covering(0x7ff000, 0x800fff, "00000000 30000042 007ff003 00000000", "[0x0, 0xffffff]"),
        new Covering(0x10000, 0x1ffff, "00000000 30000042 00017003 00000000", "[0x10000, 0x1ffff]"),
        new Covering(
            0x40201000L,
            0x40203fffL,
            "00000000 30000042 40201003 00000000",
            "[0x40200000, 0x40203fff]"),
        new Covering(0x1234, 0x1235, "00000000 30000042 00001002 00000000", "[0x1000, 0x1fff]"),
        new Covering(
            0, 0x7fff_ffff_ffff_fffeL, "00000000 30000042 fffff003 7fffffff", "everything"),
        new Covering(0, -1L, "00000000 30000042 fffff003 7fffffff", "everything"),
        new Covering(
            0, (1L << 51) - 1, "00000000 30000042 fffff003 0003ffff", "[0x0, 0x7ffffffffffff]"),
        new Covering(0, (1L << 52) - 1, "00000000 30000042 fffff003 0007ffff", "everything"));
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void oneBlockCoversARange(Covering expected) {
    InvalidationRange range = InvalidationRange.covering(expected.first, expected.last);
    assertEquals(expected.command, Command.invalidatePages(0x42, HOST, range).toString());
    assertEquals(expected.covered, range.toString());
  }

  static Stream<List<Object>> commands() {
    InvalidationRange large = InvalidationRange.covering(0x40200000L, 0x403fffffL);
    InvalidationRange page = InvalidationRange.covering(0x1000, 0x1fff);
    return Stream.of(
        List.of(
            Command.invalidatePages(0x42, InvalidationSpace.ofPasid(0), large),
            "00000000 30000042 402ff007 00000000"),
        List.of(
            Command.invalidatePages(0x42, HOST, large).leavesOnly(),
            "00000000 30000042 402ff001 00000000"),
        List.of(Command.invalidateDeviceEntry(0x300), "00000300 20000000 00000000 00000000"),
        List.of(Command.completionWait(0x100002000L, 5), "00002001 10000001 00000005 00000000"),
        List.of(
            Command.invalidateDeviceIotlb(0x300, 32, HOST, large),
            "20000300 40000300 402ff001 00000000"),
        List.of(
            Command.invalidateDeviceIotlb(0x300, 32, InvalidationSpace.ofPasid(0x1234), page),
            "20120300 40340300 00001004 00000000"),
        List.of(
            Command.invalidateDeviceIotlb(0x300, 32, HOST, InvalidationRange.EVERYTHING),
            "20000300 40000300 fffff001 7fffffff"),
        List.of(Command.invalidateInterruptTable(0x300), "00000300 50000000 00000000 00000000"),
        List.of(Command.invalidateAll(), "00000000 80000000 00000000 00000000"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void wordsAreThoseOfTheManual(List<Object> row) {
    assertEquals(row.get(1), row.get(0).toString());
  }
}
