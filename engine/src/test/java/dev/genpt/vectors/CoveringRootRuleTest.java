package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.format.Amdv1;
import dev.genpt.format.Amdv1Mock;
import dev.genpt.table.Feature;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule 6: a root that need not grow. */
final class CoveringRootRuleTest {
  private static final int FORCED = Amdv1.DEFINITION.forcedFeatures();
  private static final Answer REFUSED =
      Answer.empty().withText(Answer.RC, "-EOPNOTSUPP").withCount(Answer.LIVE, 0);

  private static MainlineConfig config(int features, int width, int level) {
    return new MainlineConfig(
        Amdv1.DEFINITION, features, width, 52, level, 0, OptionalLong.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "64, 5, 0xfff7ffffff000, 0xffffffffffffffff",
    "39, 2, 0x7ffffff000, 0x7fffffffff",
    "30, 2, 0x7ffffff000, 0x3fffffff",
    "38, 2, 0x7ffffff000, 0x3fffffffff",
    "48, 4, 0xfff7ffffff000, 0xffffffffffff"
  })
  void theTableIsMade(int width, int level, String pageSizes, String lastVa) {
    Answer due =
        Recording.answer(
            """
            {"rc": "0", "pgsize_bitmap": "%s", "aperture_start": "0x0", "aperture_end": "%s",
             "top_level": %d, "live": 1}
            """
                .formatted(pageSizes, lastVa, level));
    assertEquals(due, CoveringRootRule.correct(config(FORCED, width, level), REFUSED));
  }

  @Test
  void anEngineThatKeptTheRefusalIsRefused() {
    Answer due = CoveringRootRule.correct(config(FORCED, 39, 2), REFUSED);
    assertEquals(
        List.of("aperture_end", "aperture_start", "live", "pgsize_bitmap", "rc", "top_level"),
        Difference.between(due, REFUSED, REFUSED, Optional.empty()).stream()
            .map(Difference::key)
            .sorted()
            .toList());
  }

  @Test
  void otherRefusalsStay() {
    int without = FORCED & ~Amdv1.FORCE_COHERENCE.mask();
    int tooMuch = FORCED | Feature.SIGN_EXTEND.mask();
    for (MainlineConfig other :
        new MainlineConfig[] {
          config(FORCED, 64, 2),
          config(FORCED, 40, 2),
          config(without, 39, 2),
          config(tooMuch, 39, 2),
          new MainlineConfig(Amdv1Mock.DEFINITION, FORCED, 38, 51, 2, 0, OptionalLong.empty())
        }) {
      assertEquals(REFUSED, CoveringRootRule.correct(other, REFUSED));
    }
    Answer invalid = REFUSED.withText(Answer.RC, "-EINVAL");
    assertEquals(invalid, CoveringRootRule.correct(config(FORCED, 39, 2), invalid));
  }

  @Test
  void aRootOfLessThanOneItemIsInvalid() {
    assertEquals(
        REFUSED.withText(Answer.RC, "-EINVAL"),
        CoveringRootRule.correct(config(FORCED, 29, 2), REFUSED));
  }
}
