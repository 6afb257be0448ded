package dev.genpt.iommu;

import static dev.genpt.fixture.Machine.amdv1Features;
import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.error.IommuException;
import dev.genpt.fixture.FeatureNames;
import dev.genpt.fixture.Machine;
import dev.genpt.format.Amdv1;
import dev.genpt.format.Formats;
import dev.genpt.format.X86_64;
import dev.genpt.table.Build;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which configurations become a domain, and with which error the others are refused. */
final class DomainInitTest {
  private final Machine machine = new Machine();

  @AfterEach
  void aRefusalLeavesNothingBehind() {
    assertEquals(0, machine.pages().liveBlocks());
  }

  private IommuDomain create(
      String name, int top, int vaLg2, int oaLg2, @Nullable String features) {
    FormatDefinition format = Formats.byName(name);
    return machine.domain(
        format,
        config ->
            config
                .topLevel(top)
                .widths(vaLg2, oaLg2)
                .features(FeatureNames.mask(format, features)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # widths within the format
          amdv1   | 2 | 65 | 52 | forced | EINVAL     | 65 input address bits, must be 1 to 64
          amdv1   | 2 | 0  | 52 | forced | EINVAL     | 0 input address bits, must be 1 to 64
          amdv1   | 2 | -1 | 52 | forced | EINVAL     | -1 input address bits, must be 1 to 64
          amdv1   | 2 | 64 | 0  | forced | EINVAL     | 0 output address bits
          amdv1   | 2 | 64 | -1 | forced | EINVAL     | -1 output address bits
          amdv1   | 2 | 64 | 53 | forced | EINVAL     | 53 output address bits, at most 52
          mock    | 4 | 57 | 51 |        | EINVAL     | 57 input address bits, must be 1 to 56
          mock    | 4 | 56 | 52 |        | EINVAL     | 52 output address bits, at most 51
          x86_64  | 4 | 58 | 52 |        | EINVAL     | 58 input address bits, must be 1 to 57
          x86_64  | 4 | 57 | 53 |        | EINVAL     | 53 output address bits, at most 52
          vtdss   | 4 | 58 | 52 |        | EINVAL     | 58 input address bits, must be 1 to 57
          vtdss   | 4 | 57 | 53 |        | EINVAL     | 53 output address bits, at most 52
          riscv64 | 0 | 58 | 56 |        | EINVAL     | 58 input address bits, must be 1 to 57
          riscv64 | 0 | 57 | 57 |        | EINVAL     | 57 output address bits, at most 56
          # the first root
          amdv1   | 0 | 64 | 52 | forced | EINVAL     | starting level 0, must be 1 to 5
          amdv1   | 6 | 64 | 52 | forced | EINVAL     | starting level 6, must be 1 to 5
          amdv1   | -1 | 64 | 52 | forced | EINVAL    | starting level -1, must be 1 to 5
          mock    | 0 | 38 | 51 |        | EINVAL     | starting level 0, must be 1 to 4
          mock    | 5 | 56 | 51 |        | EINVAL     | starting level 5, must be 1 to 4
          x86_64  | 2 | 39 | 52 |        | EOPNOTSUPP | top level 2, must be 3 or 4
          x86_64  | 5 | 57 | 52 |        | EOPNOTSUPP | top level 5, must be 3 or 4
          vtdss   | 1 | 30 | 52 |        | EOPNOTSUPP | top level 1, must be 2, 3 or 4
          vtdss   | 5 | 57 | 52 |        | EOPNOTSUPP | top level 5, must be 2, 3 or 4
          riscv64 | 0 | 38 | 56 |        | EINVAL     | 38 input address bits, must be 39, 48 or 57
          riscv64 | 2 | 40 | 56 |        | EINVAL     | 40 input address bits, must be 39, 48 or 57
          riscv64 | 4 | 56 | 56 |        | EINVAL     | 56 input address bits, must be 39, 48 or 57
          # the format's own check comes before that of the output width
          x86_64  | 2 | 39 | 53 |        | EOPNOTSUPP | top level 2, must be 3 or 4
          # a root that can't grow decodes the whole width, and has an item at least
          x86_64  | 3 | 49 | 52 | FLUSH_RANGE | EOPNOTSUPP | root of level 3 decodes 48 and can't grow
          x86_64  | 3 | 57 | 52 | SIGN_EXTEND | EOPNOTSUPP | root of level 3 decodes 48 and can't grow
          vtdss   | 2 | 40 | 52 |        | EOPNOTSUPP | root of level 2 decodes 39 and can't grow
          vtdss   | 3 | 49 | 52 |        | EOPNOTSUPP | root of level 3 decodes 48 and can't grow
          amdv1   | 2 | 29 | 52 | forced | EINVAL     | 29 input address bits are less than one item of the root
          mock    | 2 | 28 | 51 |        | EINVAL     | 28 input address bits are less than one item of the root
          x86_64  | 3 | 38 | 52 |        | EINVAL     | 38 input address bits are less than one item of the root
          vtdss   | 4 | 47 | 52 |        | EINVAL     | 47 input address bits are less than one item of the root
          # features that the production build lacks
          amdv1   | 2 | 64 | 52 | forced+unknown        | EOPNOTSUPP | amdv1 does not support bit 20
          amdv1   | 2 | 64 | 52 | forced+SIGN_EXTEND    | EOPNOTSUPP | amdv1 does not support SIGN_EXTEND
          amdv1   | 2 | 64 | 52 | forced+DMA_INCOHERENT | EOPNOTSUPP | amdv1 does not support DMA_INCOHERENT
          mock    | 2 | 38 | 51 | FLUSH_RANGE           | EOPNOTSUPP | mock does not support FLUSH_RANGE
          mock    | 2 | 38 | 51 | AMDV1_ENCRYPT_TABLES  | EOPNOTSUPP | mock does not support AMDV1_ENCRYPT_TABLES
          x86_64  | 3 | 48 | 52 | FULL_VA               | EOPNOTSUPP | x86_64 does not support FULL_VA
          x86_64  | 3 | 57 | 52 | DYNAMIC_TOP           | EOPNOTSUPP | x86_64 does not support DYNAMIC_TOP
          vtdss   | 3 | 48 | 52 | SIGN_EXTEND           | EOPNOTSUPP | vtdss does not support SIGN_EXTEND
          vtdss   | 3 | 48 | 52 | FLUSH_RANGE_NO_GAPS   | EOPNOTSUPP | vtdss does not support FLUSH_RANGE_NO_GAPS
          riscv64 | 0 | 39 | 56 | FLUSH_RANGE_NO_GAPS   | EOPNOTSUPP | riscv64 does not support FLUSH_RANGE_NO_GAPS
          riscv64 | 0 | 39 | 56 | DMA_INCOHERENT        | EOPNOTSUPP | riscv64 does not support DMA_INCOHERENT
          # features that must be asked for
          amdv1   | 2 | 64 | 52 |                       | EOPNOTSUPP | must be asked for DYNAMIC_TOP, AMDV1_ENCRYPT_TABLES, AMDV1_FORCE_COHERENCE
          amdv1   | 2 | 64 | 52 | DYNAMIC_TOP           | EOPNOTSUPP | must be asked for AMDV1_ENCRYPT_TABLES, AMDV1_FORCE_COHERENCE
          amdv1   | 2 | 64 | 52 | DYNAMIC_TOP+AMDV1_ENCRYPT_TABLES | EOPNOTSUPP | must be asked for AMDV1_FORCE_COHERENCE
          amdv1   | 3 | 48 | 52 | AMDV1_ENCRYPT_TABLES+AMDV1_FORCE_COHERENCE | EOPNOTSUPP | must be asked for DYNAMIC_TOP
          # what else a walker that does not snoop needs
          x86_64  | 3 | 48 | 52 | DMA_INCOHERENT        | EINVAL     | needs a flusher
          vtdss   | 3 | 48 | 52 | DMA_INCOHERENT        | EINVAL     | needs a flusher
          """)
  void aConfigurationThatCannotBeIsRefused(
      String format, int top, int vaLg2, int oaLg2, String features, Errno errno, String rule) {
    IommuException refused =
        assertRefused(errno, () -> create(format, top, vaLg2, oaLg2, features).close());
    assertTrue(refused.rule().contains(rule), refused.rule());
    assertTrue(refused.rule().startsWith(format), "names the format: " + refused.rule());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amdv1   | 1 | 64 | forced | 2  | fff7ffffff000 | ffffffffffffffff
          amdv1   | 2 | 64 | forced | 3  | fff7ffffff000 | ffffffffffffffff
          amdv1   | 2 | 48 | forced | 3  | ff7ffffff000  | ffffffffffff
          amdv1   | 2 | 40 | forced | 3  | ff7ffffff000  | ffffffffff
          amdv1   | 2 | 39 | forced | 3  | 7ffffff000    | 7fffffffff
          amdv1   | 2 | 32 | forced | 3  | 7ffffff000    | ffffffff
          amdv1   | 3 | 48 | forced | 4  | ff7ffffff000  | ffffffffffff
          amdv1   | 4 | 49 | forced | 5  | fff7ffffff000 | 1ffffffffffff
          amdv1   | 5 | 64 | forced | 6  | fff7ffffff000 | ffffffffffffffff
          x86_64  | 3 | 47 |        | 4  | 40201000      | 7fffffffffff
          x86_64  | 3 | 48 | SIGN_EXTEND | 4 | 40201000  | 7fffffffffff
          x86_64  | 4 | 56 | X86_64_AMD_ENCRYPT_TABLES | 5 | 40201000 | ffffffffffffff
          x86_64  | 4 | 57 | SIGN_EXTEND+FLUSH_RANGE_NO_GAPS | 5 | 40201000 | ffffffffffffff
          x86_64  | 3 | 48 | DYNAMIC_TOP | 4 | 40201000  | ffffffffffff
          vtdss   | 2 | 39 |        | 1  | 40201000      | 7fffffffff
          vtdss   | 3 | 48 | VTDSS_FORCE_COHERENCE | 2 | 40201000 | ffffffffffff
          vtdss   | 3 | 39 |        | 2  | 40201000      | 7fffffffff
          vtdss   | 4 | 57 | VTDSS_FORCE_WRITEABLE | 3 | 40201000 | 1ffffffffffffff
          vtdss   | 4 | 48 |        | 3  | 40201000      | ffffffffffff
          riscv64 | 0 | 39 | SIGN_EXTEND+RISCV_SVNAPOT_64K | 8  | 40211000   | 3fffffffff
          riscv64 | 0 | 48 | SIGN_EXTEND                   | 9  | 8040201000 | 7fffffffffff
          riscv64 | 4 | 57 | RISCV_SVNAPOT_64K             | 10 | 1008040211000 | 1ffffffffffffff
          """)
  void hardwareIsToldTheRootAndTheFormatsNumberForItsLevel(
      String format,
      int top,
      int vaLg2,
      String features,
      int levelCode,
      String pageSizes,
      String lastVa) {
    int oaLg2 = Formats.byName(format).geometry().maxOaLg2();
    IommuDomain domain = create(format, top, vaLg2, oaLg2, features);
    assertEquals(levelCode, domain.hardwareInfo().levelCode());
    assertEquals(0, domain.hardwareInfo().root() & 0xfff, "the root's address alone");
    assertTrue(machine.pages().isLive(domain.owner(), domain.hardwareInfo().root()));
    assertEquals(pageSizes, Long.toHexString(domain.pageSizeBitmap()));
    assertEquals(0, domain.firstVa());
    assertEquals(lastVa, Long.toHexString(domain.lastVa()));
    domain.close();
  }

  @ParameterizedTest
  @CsvSource({
    "2, 38, , 3ffffff800, 38",
    "2, 30, , 3ffffff800, 30",
    "2, 56, DYNAMIC_TOP, 3ffffff800, 38", // A format that never grows ignores the request.
    "4, 56, , 7f7ffffff800, 56"
  })
  void noHardwareIsToldOfTheMock(
      int top, int vaLg2, String features, String pageSizes, int widthLg2) {
    IommuDomain mock = create("mock", top, vaLg2, 51, features);
    assertEquals(widthLg2, mock.pageTable().maxVaLg2());
    assertFalse(mock.pageTable().has(Feature.DYNAMIC_TOP));
    assertEquals(pageSizes, Long.toHexString(mock.pageSizeBitmap()));
    assertRefused(Errno.EOPNOTSUPP, mock::hardwareInfo);
    mock.close();
  }

  @Test
  void hardwareIsToldTheRootAsItIsNow() {
    IommuDomain domain = machine.amdv1();
    domain.map(1L << 40, 0x1000, 0x1000, Protection.READ);
    assertEquals(4, domain.hardwareInfo().levelCode());
    domain.map(1L << 60, 0x1000, 0x1000, Protection.READ);
    assertEquals(6, domain.hardwareInfo().levelCode());
    assertTrue(machine.pages().isLive(domain.owner(), domain.hardwareInfo().root()));
    domain.close();
  }

  @Test
  void theDebugBuildForcesNothing() {
    machine.amdv1(c -> c.build(Build.DEBUG).features(Feature.DYNAMIC_TOP)).close();
  }

  @Test
  void growthNeedsADriver() {
    assertRefused(Errno.EINVAL, () -> machine.amdv1(config -> config.topDriver(null)));
    machine.amdv1(config -> config.topLevel(5).topDriver(null)).close();
  }

  @Test
  void signExtensionGoesWithNeitherGrowthNorFullWidth() {
    assertRefused(
        Errno.EINVAL,
        () ->
            machine.domain(
                supportingEverything(Amdv1.DEFINITION),
                c -> c.topLevel(2).features(amdv1Features(Feature.SIGN_EXTEND))));
    assertRefused(
        Errno.EINVAL,
        () ->
            machine.domain(
                supportingEverything(X86_64.DEFINITION),
                c -> c.topLevel(3).widths(48, 52).features(Feature.SIGN_EXTEND, Feature.FULL_VA)));
  }

  /** No format has features that exclude each other, so one that claims to is made up. */
  private static FormatDefinition supportingEverything(FormatDefinition format) {
    return new FormatDefinition() {
      @Override
      public String name() {
        return format.name();
      }

      @Override
      public String title() {
        return format.title();
      }

      @Override
      public Geometry geometry() {
        return format.geometry();
      }

      @Override
      public List<Feature> privateFeatures() {
        return format.privateFeatures();
      }

      @Override
      public int supportedFeatures() {
        return -1;
      }

      @Override
      public int forcedFeatures() {
        return 0;
      }

      @Override
      public PageTableFormat configure(FormatConfig config) {
        return format.configure(config);
      }
    };
  }

  @Test
  void incoherenceIsFineWithSomeoneWhoWritesBack() {
    machine.x86(c -> c.features(Feature.DMA_INCOHERENT).flusher((pa, bytes) -> {})).close();
  }

  @Test
  void noMemoryForTheRoot() {
    machine.pages().failRequest(1);
    assertRefused(Errno.ENOMEM, machine::amdv1);
  }

  @Test
  void aRootThatNeedNotGrowSatisfiesTheDemandForGrowth() {
    for (int[] levelAndWidth : new int[][] {{5, 64}, {2, 39}, {2, 32}, {3, 48}}) {
      IommuDomain domain =
          machine.amdv1(c -> c.topLevel(levelAndWidth[0]).widths(levelAndWidth[1], 52));
      assertFalse(domain.pageTable().has(Feature.DYNAMIC_TOP));
      domain.map(0x1000, 0, 0x1000, Protection.READ_WRITE);
      long beyond = levelAndWidth[1] == 64 ? -1 : 1L << levelAndWidth[1];
      assertEquals(IommuDomain.NO_TRANSLATION, domain.iovaToPhys(beyond));
      if (beyond != -1) {
        assertRefused(Errno.ERANGE, () -> domain.map(beyond, 0, 0x1000, Protection.READ_WRITE));
      }
      domain.close();
    }
    assertEquals(0, machine.topDriver().changes().size());
  }

  @Test
  void sixtyFourBitsSwitchFullWidthOn() {
    IommuDomain full = machine.amdv1(config -> config.topLevel(5));
    assertTrue(full.pageTable().has(Feature.FULL_VA));
    full.close();
  }

  @Test
  void aPageIsNoLargerThanTheOutputAddresses() {
    IommuDomain domain = machine.amdv1(config -> config.widths(64, 44));
    assertEquals("f7ffffff000", Long.toHexString(domain.pageSizeBitmap()));
    domain.close();
  }

  @Test
  void pageSizesAreOnlyEverNarrowed() {
    IommuDomain domain = machine.amdv1();
    domain.narrowPageSizes(0x201000L);
    assertEquals(0x201000L, domain.pageSizeBitmap());
    domain.narrowPageSizes(-1);
    assertEquals(0x201000L, domain.pageSizeBitmap());
    assertRefused(Errno.EINVAL, () -> domain.narrowPageSizes(0x40000000L));
    assertEquals(0x201000L, domain.pageSizeBitmap());
    domain.close();
  }
}
