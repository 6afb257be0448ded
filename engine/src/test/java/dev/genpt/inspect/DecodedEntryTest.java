package dev.genpt.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.fixture.Machine;
import dev.genpt.inspect.DecodedEntry.Meaning;
import dev.genpt.table.EntryType;
import dev.genpt.table.PageTableFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Words of every format: what they say, what hardware would not take, and each of their bits. */
final class DecodedEntryTest {
  private static DecodedEntry decode(ExampleFormat format, int level, String word) {
    return DecodedEntry.of(format.format(), Long.parseUnsignedLong(word, 16), level);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amdv1   | 0 | 7000000012345001 | 4K leaf, output address 0x12345000, rw
          amdv1   | 0 | 3000000012345001 | 4K leaf, output address 0x12345000, r
          amdv1   | 0 | 7000000012345041 | 4K leaf, output address 0x12345000, rw, written by the device
          amdv1   | 0 | 7000000012346e01 | 8K leaf over 2 items, output address 0x12346000, rw
          amdv1   | 0 | 7000000012347e01 | 64K leaf over 16 items, output address 0x12340000, rw
          amdv1   | 0 | 700000001237fe01 | 1M leaf over 256 items, output address 0x12300000, rw
          amdv1   | 1 | 7000000040000001 | 2M leaf, output address 0x40000000, rw
          amdv1   | 1 | 70000000405ffe01 | 4M leaf over 2 items, output address 0x40400000, rw
          amdv1   | 2 | 7000005ffffffe01 | 256G leaf over 256 items, output address 0x4000000000, rw
          amdv1   | 3 | 7000017ffffffe01 | 1T leaf over 2 items, output address 0x10000000000, rw
          amdv1   | 4 | 700bfffffffffe01 | 2P leaf over 8 items, output address 0x8000000000000, rw
          amdv1   | 1 | 600000001abcd201 | pointer to a level-0 table, table address 0x1abcd000
          amdv1   | 2 | 600000001abcd401 | pointer to a level-1 table, table address 0x1abcd000
          amdv1   | 5 | 600000001abcda01 | pointer to a level-4 table, table address 0x1abcd000
          mock    | 0 | 600000002468b001 | 2K leaf, output address 0x12345800, rw
          mock    | 0 | 600000002468ae01 | 4K leaf over 2 items, output address 0x12345000, rw
          mock    | 0 | 600000002468fe01 | 64K leaf over 32 items, output address 0x12340000, rw
          mock    | 1 | 6000000024600001 | 1M leaf, output address 0x12300000, rw
          mock    | 1 | 60000000245ffe01 | 2M leaf over 2 items, output address 0x12200000, rw
          mock    | 1 | 600000003579a201 | pointer to a level-0 table, table address 0x1abcd000
          x86_64  | 0 | 0000000012345067 | 4K leaf, output address 0x12345000, rw
          x86_64  | 0 | 0000000012345025 | 4K leaf, output address 0x12345000, r
          x86_64  | 1 | 00000000402000e7 | 2M leaf, output address 0x40200000, rw
          x86_64  | 1 | 00000000402010e7 | 2M leaf, output address 0x40200000, rw
          x86_64  | 2 | 00000001c00000e7 | 1G leaf, output address 0x1c0000000, rw
          x86_64  | 2 | 00000001c00000a5 | 1G leaf, output address 0x1c0000000, r
          x86_64  | 1 | 000000001abcd027 | pointer to a level-0 table, table address 0x1abcd000
          x86_64  | 3 | 000000001abcd227 | pointer to a level-2 table, table address 0x1abcd000
          vtdss   | 0 | 0000000012345003 | 4K leaf, output address 0x12345000, rw
          vtdss   | 0 | 0000000012345803 | 4K leaf, output address 0x12345000, rw
          vtdss   | 0 | 0000000012345002 | 4K leaf, output address 0x12345000, w
          vtdss   | 1 | 0000000040200881 | 2M leaf, output address 0x40200000, r
          vtdss   | 2 | 00000001c0000083 | 1G leaf, output address 0x1c0000000, rw
          vtdss   | 0 | 0000000012345203 | 4K leaf, output address 0x12345000, rw, written by the device
          vtdss   | 3 | 000000001abcd003 | pointer to a level-2 table, table address 0x1abcd000
          vtdss   | 3 | 000000001abcd403 | pointer to a level-2 table, table address 0x1abcd000
          riscv64 | 0 | 00000000048d14df | 4K leaf, output address 0x12345000, rw
          riscv64 | 0 | 00000000048d14d7 | 4K leaf, output address 0x12345000, rw,noexec
          riscv64 | 0 | 00000000048d1453 | 4K leaf, output address 0x12345000, r,noexec
          riscv64 | 0 | 80000000048d20df | 64K leaf over 16 items, output address 0x12340000, rw
          riscv64 | 1 | 00000000100800df | 2M leaf, output address 0x40200000, rw
          riscv64 | 3 | 00000020000000df | 512G leaf, output address 0x8000000000, rw
          riscv64 | 2 | 0000000006af3401 | pointer to a level-1 table, table address 0x1abcd000
          """)
  void aWordSaysWhatItsManualSays(ExampleFormat format, int level, String word, String summary) {
    DecodedEntry entry = decode(format, level, word);
    assertEquals(summary, entry.summary());
    assertEquals(Optional.empty(), entry.flaw());
    assertEquals(0, entry.unknownBits());
    assertEquals("0x" + word, entry.wordText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amdv1   | 0 | 600000001abcd401 | NL is 2, a level-0 table holds no pointers
          amdv1   | 1 | 600000001abcd401 | NL is 2, a pointer in a level-1 table needs 1
          amdv1   | 3 | 7000008000000001 | no leaf of 2^39 bytes at level 3
          amdv1   | 1 | 7000000040001001 | output address 0x40001000 is not a multiple of 2M
          mock    | 2 | 600000003579a201 | NL is 1, a pointer in a level-2 table needs 2
          x86_64  | 3 | 000000001abcd0a7 | PS is set at level 3, which holds no leaves
          x86_64  | 1 | 00000000402020e7 | output address 0x40202000 is not a multiple of 2M
          vtdss   | 0 | 0000000012345800 | R and W are both 0, which hardware takes for not present
          vtdss   | 3 | 000000001abcd083 | PS is set at level 3, which holds no leaves
          vtdss   | 2 | 0000000040200083 | output address 0x40200000 is not a multiple of 1G
          riscv64 | 0 | 0000000006af3401 | no R, W or X in a level-0 table
          riscv64 | 0 | 00000000048d1405 | W without R
          riscv64 | 1 | 80000000100800df | N without the page bits of a 64K leaf at level 0
          riscv64 | 1 | 00000000048d14df | output address 0x12345000 is not a multiple of 2M
          """)
  void whatHardwareWouldNotTakeIsNamed(ExampleFormat format, int level, String word, String flaw) {
    DecodedEntry entry = decode(format, level, word);
    assertEquals(Optional.of(flaw), entry.flaw());
    assertTrue(entry.summary().endsWith("; not valid: " + flaw), entry.summary());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amdv1   | 0 | 7080000012345001 | bit 55
          amdv1   | 0 | f080000012345121 | bits 63, 55, 8, 5
          amdv1   | 1 | 700000001abcd201 | bit 60
          mock    | 0 | 600000002468b021 | bit 5
          x86_64  | 0 | 0000000012345467 | bit 10
          x86_64  | 2 | 000000001abcd067 | bit 6
          vtdss   | 0 | 6000000012345043 | bits 62, 61, 6
          riscv64 | 0 | 00400000048d17df | bits 54, 9, 8
          riscv64 | 2 | 0000000006af3411 | bit 4
          """)
  void bitsWithoutAMeaningAreShownAsUnknown(
      ExampleFormat format, int level, String word, String bits) {
    DecodedEntry entry = decode(format, level, word);
    assertTrue(entry.summary().contains("; unknown, set: " + bits), entry.summary());
    assertEquals(bits, DecodedEntry.bitsText(entry.unknownBits()));
    long inFields =
        entry.fields().stream()
            .filter(DecodedField::isUnknown)
            .mapToLong(field -> field.bits().mask())
            .reduce(0, (one, other) -> one | other);
    assertEquals(entry.unknownBits(), entry.unknownBits() & inFields);
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void theZeroWordIsEmptyEverywhere(ExampleFormat example) {
    PageTableFormat format = example.format();
    for (int level = 0; level <= format.geometry().maxTopLevel(); level++) {
      DecodedEntry entry = DecodedEntry.of(format, 0, level);
      assertEquals(new Meaning.Empty(), entry.meaning());
      assertEquals(EntryType.EMPTY, entry.type());
      assertEquals("empty", entry.summary());
    }
  }

  @Test
  void anEmptyWordNeedNotBeZero() {
    DecodedEntry entry = decode(ExampleFormat.of("amdv1"), 0, "7000000012345000");
    assertEquals("empty, though not zero: the other bits mean nothing", entry.summary());
    assertEquals(0, entry.unknownBits());
    assertEquals(
        List.of("not present"),
        entry.fields().stream().map(DecodedField::note).filter(note -> !note.isEmpty()).toList());
  }

  @Test
  void aSizeCodeIsCutOutOfTheAddress() {
    assertEquals(
        """
        0x7000000012347e01 in a level-0 table
          64K leaf over 16 items, output address 0x12340000, rw
          62     IW       1              the device may write
          61     IR       1              the device may read
          60     FC       1              force coherent
          51:16  ADDRESS  0x1234         output address 0x12340000
          15:12  ADDRESS  7              size code, not address: 16 items, 64K
          11:9   NL       7              makes it a leaf of 16 items, its size coded in the address
          6      D        0              no write recorded
          0      PR       1              present
        """,
        TextView.plain().entry(decode(ExampleFormat.of("amdv1"), 0, "7000000012347e01")));
  }

  @Test
  void anEntryOfRiscvSaysWhatTheDeviceMayDo() {
    assertEquals(
        """
        0x80000000048d2053 in a level-0 table
          64K leaf over 16 items, output address 0x12340000, r,noexec
          63     N        1              makes it a leaf of 16 items, its size coded in the address
          62:61  PBMT     0              page-based memory type
          53:14  PPN      0x1234         output address 0x12340000
          13:10  PPN      8              size code, not address: 16 items, 64K
          7      D        0              dirty
          6      A        1              accessed
          5      G        0              global
          4      U        1              user
          3      X        0              the device may not execute
          2      W        0              the device may not write
          1      R        1              the device may read
          0      V        1              present
        """,
        TextView.plain().entry(decode(ExampleFormat.of("riscv64"), 0, "80000000048d2053")));
  }

  @Test
  void aTablePointerShowsWhatMakesItOneAndWhatSoftwareKeepsThere() {
    assertEquals(
        """
        0x000000001abcd227 in a level-2 table
          pointer to a level-1 table, table address 0x1abcd000
          63     XD       0              execute disable
          51:12  ADDRESS  0x1abcd        table address 0x1abcd000
          9      sw 0     1              for software, hardware ignores it
          7      PS       0              makes it a table pointer
          5      A        1              accessed
          4      PCD      0              page cache disable
          3      PWT      0              page write-through
          2      U        1              user
          1      RW       1              write permission
          0      P        1              present
        """,
        TextView.plain().entry(decode(ExampleFormat.of("x86_64"), 2, "000000001abcd227")));
  }

  @Test
  void theEncryptionBitIsNoPartOfTheAddress() {
    var machine = new Machine(1);
    long encryption = 1L << 47;
    PageTableFormat format =
        machine.amdv1(config -> config.encryptionMask(encryption)).pageTable().format();
    DecodedEntry entry = DecodedEntry.of(format, 0x7000_8000_1234_5001L, 0);
    assertEquals("4K leaf, output address 0x12345000, rw", entry.summary());
    DecodedField bit =
        entry.fields().stream()
            .filter(field -> field.bits().mask() == encryption)
            .findFirst()
            .orElseThrow();
    assertEquals("not part of the address", bit.note());
    assertEquals(1, bit.value());
  }

  @Property
  void anyWordIsTakenApartIntoAllItsBits(
      @ForAll(supplier = ExampleFormat.Any.class) ExampleFormat example,
      @ForAll @IntRange(max = 5) int anyLevel,
      @ForAll long word) {
    PageTableFormat format = example.format();
    int level = Math.min(anyLevel, format.geometry().maxTopLevel());
    DecodedEntry entry = DecodedEntry.of(format, word, level);
    int next = entry.wordBits();
    long rebuilt = 0;
    for (DecodedField field : entry.fields()) {
      assertEquals(next - 1, field.bits().high());
      next = field.bits().low();
      rebuilt |= field.bits().of(field.value());
    }
    assertEquals(0, next);
    assertEquals(word, rebuilt);
    assertEquals(format.typeOf(word, level), entry.type());
    switch (entry.meaning()) {
      case Meaning.Empty _ -> assertEquals(0, entry.unknownBits());
      case Meaning.Table table -> {
        assertEquals(format.tableAddress(word, level), table.tableAddress());
        assertEquals(level - 1, table.childLevel());
      }
      case Meaning.Leaf leaf -> {
        assertEquals(format.entryOa(word, level), leaf.outputAddress());
        assertEquals(format.itemSizeLg2(level) + leaf.itemsLg2(), leaf.sizeLg2());
      }
    }
  }
}
