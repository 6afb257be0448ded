package dev.genpt.format;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.HardwareInfo;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The words of the other formats, by the worked examples of their descriptions: what a word means
 * to hardware, which no test that reads back what it wrote can tell. AMDv1 has {@link
 * Amdv1WordsTest}.
 */
final class WorkedWordsTest {
  private static final long ENCRYPTION = 1L << 47;
  private static final int ALL_PROTECTIONS = 0x3f;

  private static PageTableFormat format(String name, long encryption, Feature... features) {
    FormatDefinition definition = Formats.byName(name);
    int vaLg2 = name.equals("mock") ? 38 : 48;
    int top = name.equals("mock") ? 2 : 3;
    int oaLg2 = definition.geometry().maxOaLg2();
    return definition.configure(
        new FormatConfig(Feature.mask(features), vaLg2, oaLg2, top, encryption));
  }

  private static PageTableFormat format(String name) {
    return name.equals("riscv64") ? format(name, 0, Riscv.SVNAPOT_64K) : format(name, 0);
  }

  private static String text(long word) {
    return "0x%016X".formatted(word);
  }

  @ParameterizedTest
  @CsvSource({
    "x86_64, 0x12345000, 12, 0, rw, 0x0000000012345067",
    "x86_64, 0x12345000, 12, 0, r, 0x0000000012345025",
    "x86_64, 0x40200000, 21, 1, rw, 0x00000000402000E7",
    "x86_64, 0x1C0000000, 30, 2, rw, 0x00000001C00000E7",
    "x86_64, 0x1C0000000, 30, 2, r, 0x00000001C00000A5",
    "vtdss, 0x12345000, 12, 0, rw, 0x0000000012345003",
    "vtdss, 0x12345000, 12, 0, w, 0x0000000012345002",
    "vtdss, 0x12345000, 12, 0, r, 0x0000000012345001",
    "vtdss, 0x1C0000000, 30, 2, rw, 0x00000001C0000083",
    "riscv64, 0x12345000, 12, 0, rw, 0x00000000048D14DF",
    "riscv64, 0x12345000, 12, 0, 'rw,noexec', 0x00000000048D14D7",
    "riscv64, 0x12345000, 12, 0, 'r,noexec', 0x00000000048D1453",
    "riscv64, 0x12340000, 16, 0, rw, 0x80000000048D20DF",
    "riscv64, 0x40200000, 21, 1, rw, 0x00000000100800DF",
    "riscv64, 0x8000000000, 39, 3, rw, 0x00000020000000DF",
    "mock, 0x12345800, 11, 0, rw, 0x600000002468B001",
    "mock, 0x12345000, 12, 0, rw, 0x600000002468AE01",
    "mock, 0x12340000, 16, 0, rw, 0x600000002468FE01",
    "mock, 0x12300000, 20, 1, rw, 0x6000000024600001",
    "mock, 0x12200000, 21, 1, rw, 0x60000000245FFE01",
  })
  void leaves(
      String name, String oaText, int sizeLg2, int level, String protText, String expected) {
    PageTableFormat format = format(name);
    long oa = Long.decode(oaText);
    int protection = Protection.parse(protText);
    long attributes = format.attributesFor(protection);
    long word = format.leafWord(oa, sizeLg2, level, attributes);
    assertAll(
        () -> assertEquals(expected, text(word)),
        () -> assertEquals(EntryType.LEAF, format.typeOf(word, level)),
        () -> assertEquals(oa, format.entryOa(word, level)),
        () -> assertEquals(sizeLg2, format.itemSizeLg2(level) + format.contigLg2(word, level)),
        () -> assertEquals(attributes, format.attributesOf(word, level)),
        () -> assertEquals(protection, format.protectionOf(word, level)),
        () -> assertEquals("", format.flawOf(word, level).orElse("")));
  }

  @ParameterizedTest
  @CsvSource({
    "x86_64, 1, 0x000000001ABCD027",
    "vtdss, 1, 0x000000001ABCD003",
    "riscv64, 1, 0x0000000006AF3401",
    "mock, 1, 0x600000003579A201",
  })
  void tables(String name, int level, String expected) {
    PageTableFormat format = format(name);
    long word = format.tableWord(0x1abcd000L, level);
    assertAll(
        () -> assertEquals(expected, text(word)),
        () -> assertEquals(EntryType.TABLE, format.typeOf(word, level)),
        () -> assertEquals(0x1abcd000L, format.tableAddress(word, level)),
        () -> assertEquals("", format.flawOf(word, level).orElse("")));
  }

  /** The protections that change nothing in a word, one by one. */
  @ParameterizedTest
  @CsvSource({
    "x86_64, 'cache,noexec,mmio,priv'",
    "vtdss, 'cache,noexec,mmio,priv'",
    "mock, 'cache,noexec,mmio,priv'",
    "riscv64, 'cache,mmio,priv'"
  })
  void ignoredProtections(String name, String ignored) {
    PageTableFormat format = format(name);
    int others = Protection.parse(ignored);
    for (int protection = 0; protection <= ALL_PROTECTIONS; protection++) {
      int plain = protection & ~others;
      if ((plain & Protection.READ_WRITE) != 0) {
        assertEquals(
            text(format.attributesFor(plain)),
            text(format.attributesFor(protection)),
            Protection.describe(protection));
      }
    }
  }

  @Test
  void secondStageLeavesSnoopIfTheyMustAndAreWriteableIfTheyMustBe() {
    PageTableFormat snooping = format("vtdss", 0, VtdSecondStage.FORCE_COHERENCE);
    long word = snooping.leafWord(0x40200000L, 21, 1, snooping.attributesFor(Protection.READ));
    assertEquals("0x0000000040200881", text(word));
    assertEquals("0x000000001ABCD003", text(snooping.tableWord(0x1abcd000L, 1)));

    PageTableFormat writeable = format("vtdss", 0, VtdSecondStage.FORCE_WRITEABLE);
    IommuException e =
        assertThrows(IommuException.class, () -> writeable.attributesFor(Protection.READ));
    assertEquals(Errno.EINVAL, e.errno());
    assertEquals(2, writeable.attributesFor(Protection.WRITE));
  }

  @Test
  void secondStageDirtyIsBit9() {
    PageTableFormat format = format("vtdss");
    long dirty = format.dirtied(0x12345003L);
    assertEquals("0x0000000012345203", text(dirty));
    assertEquals(0x12345003L, format.cleaned(dirty));
    assertEquals(List.of(true, false), List.of(format.isDirty(dirty), format.isDirty(0x12345003L)));
  }

  @Test
  void whichFormatsTellThatTheDeviceWrote() {
    assertEquals(
        List.of("amdv1", "mock", "vtdss"),
        Formats.all().stream()
            .map(FormatDefinition::name)
            .filter(name -> format(name).supportsDirty())
            .toList());
  }

  @Test
  void x86EncryptsTablesAndLeavesInRam() {
    PageTableFormat format = format("x86_64", ENCRYPTION, X86_64.ENCRYPT_TABLES);
    int mmio = Protection.READ_WRITE | Protection.MMIO;
    long leaf = format.leafWord(0x12345000L, 12, 0, format.attributesFor(Protection.READ_WRITE));
    assertEquals("0x0000800012345067", text(leaf));
    assertEquals(0x12345000L, format.entryOa(leaf, 0));
    assertEquals(
        "0x0000000012345067",
        text(format.leafWord(0x12345000L, 12, 0, format.attributesFor(mmio))));
    assertEquals("0x000080001ABCD027", text(format.tableWord(0x1abcd000L, 1)));
    assertEquals(0, format("x86_64", ENCRYPTION).tableWord(0, 1) & ENCRYPTION, "not asked for");
  }

  @Test
  void softwareBitsAreTheBitsThatHardwareIgnores() {
    assertAll(
        () ->
            assertEquals(
                List.of(9, 11, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62), bits("x86_64")),
        () -> assertEquals(List.of(10, 52, 53, 54, 55, 56, 57, 58, 59, 60, 63), bits("vtdss")),
        () -> assertEquals(List.of(), bits("riscv64")));
  }

  /** The software bits by number; the numbers around them must be refused. */
  private static List<Integer> bits(String name) {
    PageTableFormat format = format(name);
    int max = format.maxSoftwareBit();
    for (int n : new int[] {-1, max + 1}) {
      IommuException e = assertThrows(IommuException.class, () -> format.softwareBit(n));
      assertEquals(Errno.EOPNOTSUPP, e.errno());
    }
    return IntStream.rangeClosed(0, max)
        .mapToObj(n -> Long.numberOfTrailingZeros(format.softwareBit(n)))
        .toList();
  }

  @Test
  void hardwareHasItsOwnNumbersForLevels() {
    assertAll(
        () -> assertEquals(new HardwareInfo(0x1000, 4), format("x86_64").hardwareInfo(0x1000, 3)),
        () -> assertEquals(new HardwareInfo(0x1000, 2), format("vtdss").hardwareInfo(0x1000, 3)),
        () -> assertEquals(new HardwareInfo(0x1000, 9), format("riscv64").hardwareInfo(0x1000, 3)),
        () ->
            assertEquals(
                Errno.EOPNOTSUPP,
                assertThrows(IommuException.class, () -> format("mock").hardwareInfo(0x1000, 2))
                    .errno()));
  }

  @ParameterizedTest
  @CsvSource({
    "x86_64, 0x80000000000000A7, 3, PS is set at level 3",
    "vtdss, 0x0000000012345083, 3, PS is set at level 3",
    "vtdss, 0x0000000012345800, 0, R and W are both 0",
    "riscv64, 0x00000000048D1451, 0, 'no R, W or X'",
    "riscv64, 0x00000000048D1455, 0, W without R",
    "riscv64, 0x80000000048D14DF, 0, N without the page bits",
    "riscv64, 0x80000000048D20DF, 1, N without the page bits",
  })
  void whatHardwareDoesNotTakeIsAFlaw(String name, String word, int level, String beginning) {
    String flaw =
        format(name).flawOf(Long.parseUnsignedLong(word.substring(2), 16), level).orElse("none");
    assertEquals(beginning, flaw.substring(0, Math.min(beginning.length(), flaw.length())));
  }

  @ParameterizedTest
  @CsvSource({
    "amdv1, LEAF, 0, IW IR FC ADDRESS NL D PR",
    "amdv1, TABLE, 1, IW IR ADDRESS NL PR",
    "x86_64, LEAF, 0, XD ADDRESS G PAT D A PCD PWT U RW P",
    "x86_64, LEAF, 1, XD ADDRESS PAT G PS D A PCD PWT U RW P",
    "x86_64, TABLE, 1, XD ADDRESS PS A PCD PWT U RW P",
    "vtdss, LEAF, 0, ADDRESS SNP D A PS W R",
    "vtdss, TABLE, 1, ADDRESS PS W R",
    "riscv64, LEAF, 0, N PBMT PPN D A G U X W R V",
    "riscv64, TABLE, 1, PPN X W R V",
  })
  void fieldsFromTheHighestDown(String name, EntryType type, int level, String fields) {
    assertEquals(
        fields,
        String.join(
            " ", format(name).layout(type, level).stream().map(field -> field.name()).toList()));
  }
}
