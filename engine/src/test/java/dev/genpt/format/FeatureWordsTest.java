package dev.genpt.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.error.IommuException;
import dev.genpt.fixture.FeatureNames;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What each format's own features do to the words of a leaf for 0x12345000 and of a pointer to
 * 0x1abcd000: the worked examples of its manual, with the bits that the feature adds.
 */
final class FeatureWordsTest {
  private static final long OA = 0x1234_5000L;
  private static final long TABLE = 0x1abc_d000L;

  private static PageTableFormat configured(
      String name, @Nullable String features, int encryptionBit) {
    FormatDefinition definition = Formats.byName(name);
    Geometry geometry = definition.geometry();
    return definition.configure(
        new FormatConfig(
            FeatureNames.mask(definition, features),
            geometry.maxVaLg2(),
            geometry.maxOaLg2(),
            geometry.maxTopLevel(),
            encryptionBit < 0 ? 0 : 1L << encryptionBit));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amdv1   |                             | 47 | rw      | 0x6000000012345001 | 0x600000001abcd201
          amdv1   | AMDV1_ENCRYPT_TABLES        | -1 | rw      | 0x6000000012345001 | 0x600000001abcd201
          amdv1   | AMDV1_ENCRYPT_TABLES        | 47 | rw      | 0x6000800012345001 | 0x600080001abcd201
          amdv1   | AMDV1_ENCRYPT_TABLES        | 51 | r       | 0x2008000012345001 | 0x600800001abcd201
          amdv1   | AMDV1_ENCRYPT_TABLES        | 47 | rw,mmio | 0x6000000012345001 | 0x600080001abcd201
          amdv1   | AMDV1_FORCE_COHERENCE       | 47 | r       | 0x3000000012345001 | 0x600000001abcd201
          amdv1   | AMDV1_FORCE_COHERENCE+AMDV1_ENCRYPT_TABLES | 47 | w | 0x5000800012345001 | 0x600080001abcd201
          mock    |                             | 47 | rw      | 0x600000002468a001 | 0x600000003579a201
          mock    | AMDV1_ENCRYPT_TABLES        | 47 | rw      | 0x600080002468a001 | 0x600080003579a201
          mock    | AMDV1_ENCRYPT_TABLES        | 47 | rw,mmio | 0x600000002468a001 | 0x600080003579a201
          mock    | AMDV1_FORCE_COHERENCE       | -1 | rw      | 0x700000002468a001 | 0x600000003579a201
          x86_64  |                             | 47 | rw      | 0x0000000012345067 | 0x000000001abcd027
          x86_64  | X86_64_AMD_ENCRYPT_TABLES   | -1 | rw      | 0x0000000012345067 | 0x000000001abcd027
          x86_64  | X86_64_AMD_ENCRYPT_TABLES   | 47 | rw      | 0x0000800012345067 | 0x000080001abcd027
          x86_64  | X86_64_AMD_ENCRYPT_TABLES   | 47 | r       | 0x0000800012345025 | 0x000080001abcd027
          x86_64  | X86_64_AMD_ENCRYPT_TABLES   | 47 | rw,mmio | 0x0000000012345067 | 0x000080001abcd027
          vtdss   |                             | 47 | rw      | 0x0000000012345003 | 0x000000001abcd003
          vtdss   | VTDSS_FORCE_COHERENCE       | -1 | rw      | 0x0000000012345803 | 0x000000001abcd003
          vtdss   | VTDSS_FORCE_COHERENCE       | -1 | r       | 0x0000000012345801 | 0x000000001abcd003
          vtdss   | VTDSS_FORCE_WRITEABLE       | -1 | rw      | 0x0000000012345003 | 0x000000001abcd003
          vtdss   | VTDSS_FORCE_WRITEABLE       | -1 | w       | 0x0000000012345002 | 0x000000001abcd003
          vtdss   | VTDSS_FORCE_WRITEABLE       | -1 | r       | EINVAL             | 0x000000001abcd003
          vtdss   |                             | -1 | none    | EINVAL             | 0x000000001abcd003
          riscv64 |                             | 47 | rw      | 0x00000000048d14df | 0x0000000006af3401
          riscv64 | RISCV_SVNAPOT_64K           | -1 | w,noexec | 0x00000000048d14d7 | 0x0000000006af3401
          riscv64 |                             | -1 | noexec  | EOPNOTSUPP         | 0x0000000006af3401
          """)
  void theWordsOfALeafAndOfAPointer(
      String name,
      String features,
      int encryptionBit,
      String protection,
      String leaf,
      String table) {
    PageTableFormat format = configured(name, features, encryptionBit);
    assertEquals(leaf, leafOrError(format, Protection.parse(protection)));
    long pointer = format.tableWord(TABLE, 1);
    assertEquals(table, "%#018x".formatted(pointer));
    assertEquals(TABLE, format.tableAddress(pointer, 1), "as it was given");
  }

  private static String leafOrError(PageTableFormat format, int protection) {
    try {
      long word = format.leafWord(OA, format.itemSizeLg2(0), 0, format.attributesFor(protection));
      assertEquals(OA, format.entryOa(word, 0), "as it was given");
      return "%#018x".formatted(word);
    } catch (IommuException refused) {
      return refused.errno().name();
    }
  }

  @Test
  void svnapotAddsLeavesOfSixteenItems() {
    PageTableFormat with = configured("riscv64", "RISCV_SVNAPOT_64K", -1);
    PageTableFormat without = configured("riscv64", null, -1);
    assertEquals(0x1_1000L, with.possibleSizes(0));
    assertEquals(0x1000L, without.possibleSizes(0));
    assertEquals(with.possibleSizes(1), without.possibleSizes(1));
    long word = with.leafWord(0x1234_0000L, 16, 0, with.attributesFor(Protection.READ_WRITE));
    assertEquals(0x8000_0000_048d_20dfL, word);
    assertEquals(4, with.contigLg2(word, 0));
    assertEquals(0x1234_0000L, with.entryOa(word, 0));
    assertEquals(0x1234_8000L, without.entryOa(word, 0), "the code is address bits");
  }
}
