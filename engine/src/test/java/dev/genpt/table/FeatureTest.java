package dev.genpt.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.format.Amdv1;
import dev.genpt.format.X86_64;
import org.junit.jupiter.api.Test;

/** Which features a format has in each build, and how a set of them reads. */
final class FeatureTest {
  private static final int PRIVATE = 0xc0;

  @Test
  void theProductionBuildHasWhatTheDriversUse() {
    FormatDefinition amdv1 = Amdv1.DEFINITION;
    assertEquals(0b110110 | PRIVATE, Build.PRODUCTION.supported(amdv1));
    assertEquals(Feature.DYNAMIC_TOP.mask() | PRIVATE, Build.PRODUCTION.forced(amdv1));
  }

  @Test
  void theDebugBuildForcesNothingAndHasAllThatGoesTogether() {
    assertEquals(0b110110 | PRIVATE, Build.DEBUG.supported(Amdv1.DEFINITION));
    assertEquals(0, Build.DEBUG.forced(Amdv1.DEFINITION));
    assertEquals(0b111001 | 0x40, Build.DEBUG.supported(X86_64.DEFINITION));
  }

  @Test
  void aSetIsDescribedByNames() {
    int mask = Feature.mask(Feature.FULL_VA, Amdv1.FORCE_COHERENCE) | 1 << 20;
    assertEquals(
        "FULL_VA, AMDV1_FORCE_COHERENCE, bit 20", Feature.describe(mask, Amdv1.DEFINITION));
    assertEquals("none", Feature.describe(0, Amdv1.DEFINITION));
  }
}
