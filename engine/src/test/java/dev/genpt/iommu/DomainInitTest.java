package dev.genpt.iommu;

import static dev.genpt.fixture.Machine.amdv1Features;
import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.fixture.Machine;
import dev.genpt.format.Amdv1;
import dev.genpt.format.Amdv1Mock;
import dev.genpt.format.Riscv;
import dev.genpt.format.X86_64;
import dev.genpt.table.Build;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.PageTableFormat;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which configurations become a domain, and with which error the others are refused. */
final class DomainInitTest {
  private final Machine machine = new Machine();

  @AfterEach
  void aRefusalLeavesNothingBehind() {
    assertEquals(0, machine.pages().liveBlocks());
  }

  private void assertRefusedAmdv1(Errno errno, UnaryOperator<DomainConfig> change) {
    assertRefused(errno, () -> machine.amdv1(change));
  }

  private void assertRefusedDomain(
      Errno errno, FormatDefinition format, UnaryOperator<DomainConfig> change) {
    assertRefused(errno, () -> machine.domain(format, change));
  }

  @Test
  void widthsMustBeWithinTheFormat() {
    assertRefusedAmdv1(Errno.EINVAL, config -> config.widths(65, 52));
    assertRefusedAmdv1(Errno.EINVAL, config -> config.widths(0, 52));
    assertRefusedAmdv1(Errno.EINVAL, config -> config.widths(-1, 52));
    assertRefusedAmdv1(Errno.EINVAL, config -> config.widths(64, 0));
    assertRefusedAmdv1(Errno.EINVAL, config -> config.widths(64, -1));
    assertRefusedAmdv1(Errno.EINVAL, config -> config.widths(64, 53));
    assertRefusedDomain(Errno.EINVAL, Amdv1Mock.DEFINITION, c -> c.topLevel(4).widths(57, 51));
  }

  @Test
  void theStartingLevelMustBeOneOfTheFormat() {
    assertRefusedAmdv1(Errno.EINVAL, config -> config.topLevel(0));
    assertRefusedAmdv1(Errno.EINVAL, config -> config.topLevel(6));
    assertRefusedAmdv1(Errno.EINVAL, config -> config.topLevel(-1));
    assertRefusedDomain(Errno.EOPNOTSUPP, X86_64.DEFINITION, c -> c.topLevel(2).widths(39, 52));
    assertRefusedDomain(Errno.EINVAL, Riscv.DEFINITION, c -> c.widths(40, 56));
  }

  @Test
  void aWidthBelowTheRootsItemIsRefused() {
    assertRefusedAmdv1(Errno.EINVAL, config -> config.widths(29, 52));
  }

  @Test
  void anUnknownFeatureIsNotSupported() {
    assertRefusedAmdv1(Errno.EOPNOTSUPP, c -> c.features(Feature.mask(amdv1Features()) | 1 << 20));
    assertRefusedAmdv1(Errno.EOPNOTSUPP, c -> c.features(amdv1Features(Feature.SIGN_EXTEND)));
    assertRefusedAmdv1(Errno.EOPNOTSUPP, c -> c.features(amdv1Features(Feature.DMA_INCOHERENT)));
    assertRefusedDomain(
        Errno.EOPNOTSUPP,
        X86_64.DEFINITION,
        c -> c.topLevel(3).widths(48, 52).features(Feature.FULL_VA));
  }

  @Test
  void eachForcedFeatureMustBeAskedFor() {
    assertRefusedAmdv1(Errno.EOPNOTSUPP, c -> c.features(Feature.DYNAMIC_TOP));
    assertRefusedAmdv1(
        Errno.EOPNOTSUPP, c -> c.features(Feature.DYNAMIC_TOP, Amdv1.ENCRYPT_TABLES));
    assertRefusedAmdv1(
        Errno.EOPNOTSUPP,
        c -> c.topLevel(3).widths(48, 52).features(Amdv1.ENCRYPT_TABLES, Amdv1.FORCE_COHERENCE));
    machine.amdv1(c -> c.build(Build.DEBUG).features(Feature.DYNAMIC_TOP)).close();
  }

  @Test
  void aRootThatCannotGrowMustDecodeTheWholeWidth() {
    assertRefusedDomain(
        Errno.EOPNOTSUPP,
        X86_64.DEFINITION,
        c -> c.topLevel(3).widths(49, 52).features(Feature.FLUSH_RANGE));
    machine.x86(c -> c.widths(48, 52)).close();
  }

  @Test
  void growthNeedsADriver() {
    assertRefusedAmdv1(Errno.EINVAL, config -> config.topDriver(null));
    machine.amdv1(config -> config.topLevel(5).topDriver(null)).close();
  }

  @Test
  void signExtensionGoesWithNeitherGrowthNorFullWidth() {
    assertRefusedDomain(
        Errno.EINVAL,
        supportingEverything(Amdv1.DEFINITION),
        c -> c.topLevel(2).features(amdv1Features(Feature.SIGN_EXTEND)));
    assertRefusedDomain(
        Errno.EINVAL,
        supportingEverything(X86_64.DEFINITION),
        c -> c.topLevel(3).widths(48, 52).features(Feature.SIGN_EXTEND, Feature.FULL_VA));
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
  void incoherenceNeedsSomeoneWhoWritesBack() {
    UnaryOperator<DomainConfig> incoherent = c -> c.features(Feature.DMA_INCOHERENT);
    assertRefused(Errno.EINVAL, () -> machine.x86(incoherent));
    machine.x86(c -> incoherent.apply(c).flusher((pa, bytes) -> {})).close();
  }

  @Test
  void noMemoryForTheRoot() {
    machine.pages().failRequest(1);
    assertRefusedAmdv1(Errno.ENOMEM, config -> config);
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
  void aFormatThatNeverGrowsIgnoresTheRequestIfItNeedNot() {
    IommuDomain domain =
        machine.domain(
            X86_64.DEFINITION, c -> c.topLevel(3).widths(48, 52).features(Feature.DYNAMIC_TOP));
    assertFalse(domain.pageTable().has(Feature.DYNAMIC_TOP));
    domain.close();
  }

  @Test
  void sixtyFourBitsSwitchFullWidthOn() {
    IommuDomain full = machine.amdv1(config -> config.topLevel(5));
    assertTrue(full.pageTable().has(Feature.FULL_VA));
    full.close();
  }

  @Test
  void theApertureIsThatOfTheLargestRoot() {
    IommuDomain growing = machine.amdv1();
    assertEquals(0, growing.firstVa());
    assertEquals(-1, growing.lastVa());
    growing.close();
    IommuDomain signed = machine.x86(c -> c.features(Feature.SIGN_EXTEND));
    assertEquals(0x7fff_ffff_ffffL, signed.lastVa());
    signed.close();
  }

  @Test
  void pageSizesByWidth() {
    assertPageSizes(0xfff7ffffff000L, 64, 52);
    assertPageSizes(0xfff7ffffff000L, 49, 52);
    assertPageSizes(0xff7ffffff000L, 48, 52);
    assertPageSizes(0xff7ffffff000L, 40, 52);
    assertPageSizes(0x7ffffff000L, 39, 52);
    assertPageSizes(0xf7ffffff000L, 64, 44);
  }

  private void assertPageSizes(long expected, int vaLg2, int oaLg2) {
    IommuDomain domain = machine.amdv1(config -> config.widths(vaLg2, oaLg2));
    assertEquals("%#x".formatted(expected), "%#x".formatted(domain.pageSizeBitmap()));
    domain.close();
  }

  @Test
  void hardwareIsToldTheRootAndItsLevel() {
    IommuDomain domain = machine.amdv1();
    assertEquals(3, domain.hardwareInfo().levelCode());
    assertTrue(machine.pages().isLive(domain.owner(), domain.hardwareInfo().root()));
    domain.close();
    IommuDomain mock = machine.domain(Amdv1Mock.DEFINITION, c -> c.topLevel(4));
    assertRefused(Errno.EOPNOTSUPP, mock::hardwareInfo);
    mock.close();
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
