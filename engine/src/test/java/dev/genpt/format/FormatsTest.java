package dev.genpt.format;

import static dev.genpt.fixture.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.error.Errno;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatConfig;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import dev.genpt.table.Hardware;
import dev.genpt.table.PageTableFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry of formats, and what each format in it says of itself. */
final class FormatsTest {
  static List<FormatDefinition> formats() {
    return Formats.all();
  }

  @Test
  void namesAreUnique() {
    assertEquals(
        Formats.all().size(),
        Formats.all().stream().map(FormatDefinition::name).distinct().count());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void aFormatIsFoundByItsName(FormatDefinition format) {
    assertSame(format, Formats.byName(format.name()));
    assertEquals(Optional.of(format), Formats.find(format.name()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AMDV1", "amdv2", "amdv1 "})
  void anUnknownNameIsRefusedWithThoseThatThereAre(String name) {
    assertEquals(Optional.empty(), Formats.find(name));
    assertEquals(
        "format \"%s\" is not known; there are: %s"
            .formatted(
                name, String.join(", ", formats().stream().map(FormatDefinition::name).toList())),
        assertRefused(Errno.EINVAL, () -> Formats.byName(name)).rule());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void whatAFormatSaysOfItselfHoldsTogether(FormatDefinition format) {
    Geometry geometry = format.geometry();
    int all = Feature.mask(format.allFeatures());
    assertEquals(0, format.supportedFeatures() & ~all, "supported but unknown");
    assertEquals(0, format.forcedFeatures() & ~format.supportedFeatures(), "forced, unsupported");
    for (Feature feature : format.allFeatures()) {
      assertFalse(feature.title().isBlank(), feature.name());
    }
    assertFalse(format.title().isBlank());
    assertTrue(geometry.maxTopLevel() < Geometry.MAX_LEVELS);
    PageTableFormat widest =
        format.configure(
            new FormatConfig(
                0, geometry.maxVaLg2(), geometry.maxOaLg2(), geometry.maxTopLevel(), 0));
    if (format.hardware().equals(Hardware.NONE)) {
      assertRefused(Errno.EOPNOTSUPP, () -> widest.hardwareInfo(0, geometry.maxTopLevel()));
    } else {
      assertEquals(0x1000, widest.hardwareInfo(0x1000, geometry.maxTopLevel()).root());
    }
    assertEquals(
        widest.maxSoftwareBit() >= 0,
        Feature.DMA_INCOHERENT.in(format.supportedFeatures()),
        "incoherent walkers need a software bit");
  }
}
