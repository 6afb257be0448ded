package dev.genpt.format;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.PageTableFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each format can be asked for, written down a second time from its manual. */
final class FormatDefinitionsTest {
  @ParameterizedTest
  @CsvSource({
    "amdv1, 'AMDV1_ENCRYPT_TABLES, AMDV1_FORCE_COHERENCE',"
        + " 'FULL_VA, DYNAMIC_TOP, FLUSH_RANGE, FLUSH_RANGE_NO_GAPS, AMDV1_ENCRYPT_TABLES, AMDV1_FORCE_COHERENCE',"
        + " 'DYNAMIC_TOP, AMDV1_ENCRYPT_TABLES, AMDV1_FORCE_COHERENCE', 0xffffffffff000",
    "mock, 'AMDV1_ENCRYPT_TABLES, AMDV1_FORCE_COHERENCE', none, none, 0xffffffffff000",
    "x86_64, X86_64_AMD_ENCRYPT_TABLES,"
        + " 'DMA_INCOHERENT, SIGN_EXTEND, FLUSH_RANGE, FLUSH_RANGE_NO_GAPS, X86_64_AMD_ENCRYPT_TABLES',"
        + " none, 0xffffffffff000",
    "vtdss, 'VTDSS_FORCE_COHERENCE, VTDSS_FORCE_WRITEABLE',"
        + " 'DMA_INCOHERENT, FLUSH_RANGE, VTDSS_FORCE_COHERENCE, VTDSS_FORCE_WRITEABLE',"
        + " none, 0xfffffffffffff000",
    "riscv64, RISCV_SVNAPOT_64K, 'SIGN_EXTEND, FLUSH_RANGE, RISCV_SVNAPOT_64K', none, 0xfffffffffff000",
  })
  void whatAFormatHas(String name, String own, String supported, String forced, String rootBits) {
    FormatDefinition format = Formats.byName(name);
    assertAll(
        () ->
            assertEquals(
                own,
                String.join(", ", format.privateFeatures().stream().map(Feature::name).toList())),
        () -> assertEquals(supported, Feature.describe(format.supportedFeatures(), format)),
        () -> assertEquals(forced, Feature.describe(format.forcedFeatures(), format)),
        () -> assertEquals(rootBits, "%#x".formatted(format.geometry().topPhysMask())));
  }

  @ParameterizedTest
  @CsvSource({
    "amdv1, 1, 5, EINVAL",
    "mock, 1, 4, EINVAL",
    "x86_64, 3, 4, EOPNOTSUPP",
    "vtdss, 2, 4, EOPNOTSUPP"
  })
  void firstRootsFromTheLowestToTheHighest(String name, int lowest, int highest, Errno errno) {
    for (int level : List.of(lowest, highest)) {
      assertEquals(level, configured(name, level).initialTopLevel());
    }
    for (int level : List.of(lowest - 1, highest + 1)) {
      assertEquals(
          errno, assertThrows(IommuException.class, () -> configured(name, level)).errno());
    }
  }

  /** A root that can't grow decodes what its level does, and the highest one all there is. */
  @ParameterizedTest
  @CsvSource({"amdv1, 1, 30", "amdv1, 4, 57", "amdv1, 5, 64", "mock, 2, 38", "mock, 4, 56"})
  void widthOfAStaticRoot(String name, int level, int vaLg2) {
    assertEquals(vaLg2, configured(name, level).maxVaLg2());
  }

  private static PageTableFormat configured(String name, int level) {
    FormatDefinition format = Formats.byName(name);
    return format.configure(
        new FormatConfig(0, format.geometry().maxVaLg2(), format.geometry().maxOaLg2(), level, 0));
  }
}
