package dev.genpt.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.HardwareInfo;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of AMDv1, by the worked examples of its description. */
final class Amdv1WordsTest {
  private static final long ENCRYPTION = 1L << 46;

  private final PageTableFormat format = configured(0, Amdv1.FORCE_COHERENCE);

  private static PageTableFormat configured(long encryptionMask, Feature... features) {
    int all = Feature.mask(features) | Feature.DYNAMIC_TOP.mask();
    return Amdv1.DEFINITION.configure(new FormatConfig(all, 64, 52, 2, encryptionMask));
  }

  private static long word(String text) {
    return Long.parseUnsignedLong(text.substring(2), 16);
  }

  @ParameterizedTest
  @CsvSource({
    "0x12345000, 12, 0, 3, 0x7000000012345001",
    "0x12345000, 12, 0, 1, 0x3000000012345001",
    "0x12346000, 13, 0, 3, 0x7000000012346E01",
    "0x12340000, 16, 0, 3, 0x7000000012347E01",
    "0x12300000, 20, 0, 3, 0x700000001237FE01",
    "0x40000000, 21, 1, 3, 0x7000000040000001",
    "0x40400000, 22, 1, 3, 0x70000000405FFE01",
    "0x4000000000, 38, 2, 3, 0x7000005FFFFFFE01",
    "0x10000000000, 40, 3, 3, 0x7000017FFFFFFE01",
    "0x8000000000000, 51, 4, 3, 0x700BFFFFFFFFFE01",
  })
  void leaves(String oaText, int sizeLg2, int level, int protection, String expected) {
    long oa = word(oaText);
    long attributes = format.attributesFor(protection);
    long word = format.leafWord(oa, sizeLg2, level, attributes);
    assertEquals(expected, "0x%016X".formatted(word));
    assertEquals(EntryType.LEAF, format.typeOf(word, level));
    assertEquals(oa, format.entryOa(word, level));
    assertEquals(sizeLg2, format.itemSizeLg2(level) + format.contigLg2(word, level));
    assertEquals(attributes, format.attributesOf(word, level));
    assertEquals(protection, format.protectionOf(word, level));
    assertTrue(format.flawOf(word, level).isEmpty());
    assertEquals(0, format.itemStep(sizeLg2, level), "all items hold the same word");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0x600000001ABCD201",
    "2, 0x600000001ABCD401",
    "3, 0x600000001ABCD601",
    "4, 0x600000001ABCD801",
    "5, 0x600000001ABCDA01",
  })
  void tables(int level, String expected) {
    long word = format.tableWord(0x1abcd000L, level);
    assertEquals(expected, "0x%016X".formatted(word));
    assertEquals(EntryType.TABLE, format.typeOf(word, level));
    assertEquals(0x1abcd000L, format.tableAddress(word, level));
    assertTrue(format.flawOf(word, level).isEmpty());
  }

  @Test
  void theZeroWordIsEmptyOnEveryLevel() {
    for (int level = 0; level <= 5; level++) {
      assertEquals(EntryType.EMPTY, format.typeOf(0, level));
      assertEquals(EntryType.EMPTY, format.typeOf(-2, level), "bit 0 alone decides");
    }
  }

  @Test
  void aPointerInALevel0TableReadsAsALeafWithAFlaw() {
    long word = format.tableWord(0x1abcd000L, 1);
    assertEquals(EntryType.LEAF, format.typeOf(word, 0));
    assertEquals(0, format.entryOa(word, 0));
    assertTrue(format.flawOf(word, 0).isPresent());
  }

  @Test
  void aPointerOfAnotherLevelIsAFlaw() {
    long word = format.tableWord(0x1abcd000L, 3);
    assertEquals(EntryType.TABLE, format.typeOf(word, 2));
    assertTrue(format.flawOf(word, 2).isPresent());
  }

  @Test
  void leavesThatHardwareDoesNotTakeAreFlaws() {
    long broken = format.leafWord(1L << 39, 39, 3, 0);
    assertTrue(format.flawOf(broken, 3).isPresent(), "512 GiB");
    long ofLevel1 = format.leafWord(0x40000000L, 22, 1, 0);
    assertTrue(format.flawOf(ofLevel1, 0).isPresent(), "4 MiB coded at level 0");
    long top = format.leafWord(1L << 51, 51, 4, 0);
    assertTrue(format.flawOf(top, 5).isPresent(), "a leaf at level 5");
  }

  @Test
  void possibleSizesByLevel() {
    long[] expected = {0x1FF000L, 0x3FE00000L, 0x7FC0000000L, 0xFF0000000000L, 0xF000000000000L, 0};
    long[] sizes = new long[6];
    Arrays.setAll(sizes, format::possibleSizes);
    assertEquals(Arrays.toString(expected), Arrays.toString(sizes));
  }

  @Test
  void hardwareCountsLevelsFromOne() {
    assertEquals(new HardwareInfo(0x1000, 3), format.hardwareInfo(0x1000, 2));
    assertEquals(new HardwareInfo(0x1000, 6), format.hardwareInfo(0x1000, 5));
  }

  @Test
  void permissions() {
    assertEquals(1L << 61 | 1L << 60, format.attributesFor(Protection.READ));
    assertEquals(1L << 62 | 1L << 60, format.attributesFor(Protection.WRITE));
    int ignored = Protection.CACHE | Protection.NOEXEC | Protection.PRIV | Protection.MMIO;
    assertEquals(1L << 60, format.attributesFor(ignored));
    assertEquals(1L << 61, configured(0).attributesFor(Protection.READ), "not forced coherent");
  }

  @Test
  void encryptionMarksTablesAndLeavesInRam() {
    PageTableFormat encrypted = configured(ENCRYPTION, Amdv1.ENCRYPT_TABLES);
    long table = encrypted.tableWord(0x1abcd000L, 2);
    assertEquals(ENCRYPTION, table & ENCRYPTION);
    assertEquals(0x1abcd000L, encrypted.tableAddress(table, 2), "stripped when read");
    long ram = encrypted.attributesFor(Protection.READ_WRITE);
    long mmio = encrypted.attributesFor(Protection.READ_WRITE | Protection.MMIO);
    long word = encrypted.leafWord(0x12346000L, 13, 0, ram);
    assertEquals(ENCRYPTION, word & ENCRYPTION);
    assertEquals(0x12346000L, encrypted.entryOa(word, 0));
    assertEquals(1, encrypted.contigLg2(word, 0));
    assertEquals(0, encrypted.leafWord(0x12346000L, 13, 0, mmio) & ENCRYPTION);
    assertEquals(mmio, encrypted.attributesOf(word, 0), "encryption is not recovered");
  }

  @Test
  void withoutTheFeatureTheEncryptionMaskMeansNothing() {
    assertEquals(0, configured(ENCRYPTION).tableWord(0x1000, 1) & ENCRYPTION);
  }

  @Test
  void dirtyIsBit6AndNotAnAttribute() {
    long clean = format.leafWord(0x12345000L, 12, 0, format.attributesFor(3));
    long dirty = format.dirtied(clean);
    assertEquals(clean | 0x40, dirty);
    assertTrue(format.isDirty(dirty) && !format.isDirty(clean));
    assertEquals(clean, format.cleaned(dirty));
    assertEquals(format.attributesOf(clean, 0), format.attributesOf(dirty, 0));
    assertTrue(format.supportsDirty());
    assertEquals(-1, format.maxSoftwareBit());
  }
}
