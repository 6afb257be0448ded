package dev.genpt.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.BitField;
import dev.genpt.format.Formats;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.PageTableFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the sheet of a format says, for each of them. */
final class FormatSheetTest {
  static List<FormatDefinition> formats() {
    return Formats.all();
  }

  private static FormatSheet sheet(String name) {
    return FormatSheet.of(Formats.byName(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amdv1   | 5 | 63:57 | 128P |                    | 64 | 6
          amdv1   | 3 | 47:39 | 512G | every power of two from 1T to 128T | 48 | 4
          amdv1   | 0 | 20:12 | 4K   | every power of two from 4K to 1M   |    |
          mock    | 4 | 55:47 | 128T |                    | 56 | -
          mock    | 3 | 46:38 | 256G | every power of two from 256G to 64T but 512G | 47 | -
          mock    | 0 | 19:11 | 2K   | every power of two from 2K to 512K |    |
          x86_64  | 4 | 56:48 | 256T |                    | 57 | 5
          x86_64  | 3 | 47:39 | 512G |                    | 48 | 4
          x86_64  | 2 | 38:30 | 1G   | 1G                 |    |
          vtdss   | 4 | 56:48 | 256T |                    | 57 | 3
          vtdss   | 2 | 38:30 | 1G   | 1G                 | 39 | 1
          vtdss   | 1 | 29:21 | 2M   | 2M                 |    |
          riscv64 | 4 | 56:48 | 256T | 256T               | 57 | 10
          riscv64 | 2 | 38:30 | 1G   | 1G                 | 39 | 8
          riscv64 | 0 | 20:12 | 4K   | 4K, 64K            |    |
          """)
  void aLevelIsWhatTheManualSays(
      String name,
      int number,
      String indexBits,
      String itemSize,
      String leaves,
      Integer rootBits,
      String levelCode) {
    FormatSheet sheet = sheet(name);
    FormatSheet.Level level = sheet.levels().get(sheet.levels().size() - 1 - number);
    assertEquals(number, level.level());
    assertEquals(indexBits, level.indexBits().range());
    assertEquals(itemSize, ByteSize.ofLg2(level.itemSizeLg2()));
    assertEquals(leaves == null ? "" : leaves, ByteSize.ofBitmap(level.leafSizes()));
    assertEquals(rootBits != null, level.root().isPresent());
    level
        .root()
        .ifPresent(root -> {
          assertEquals(rootBits, root.vaLg2());
          assertEquals(levelCode, root.levelCode());
        });
  }

  @Test
  void layoutsThatAreAlikeAreToldOnce() {
    assertEquals(
        List.of("Leaf at level 0", "Leaf at levels 1 to 2", "Table pointer at levels 1 to 4"),
        sheet("x86_64").layouts().stream().map(EntryLayout::title).toList());
    assertEquals(
        List.of("Leaf at levels 0 to 4", "Table pointer at levels 1 to 4"),
        sheet("riscv64").layouts().stream().map(EntryLayout::title).toList());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyBitIsToldOnceAndSoftwareBitsByTheirNumbers(FormatDefinition definition) {
    FormatSheet sheet = FormatSheet.of(definition);
    PageTableFormat format = sheet.format();
    for (EntryLayout layout : sheet.layouts()) {
      int next = Byte.SIZE << format.geometry().wordLg2();
      for (EntryLayout.Part part : layout.parts()) {
        BitField bits = part.bits();
        assertEquals(next - 1, bits.high());
        next = bits.low();
        assertFalse(part.meaning().isBlank(), layout.title() + " " + bits);
        if (!part.softwareBits().isEmpty()) {
          assertEquals(1L << bits.low(), format.softwareBit(part.softwareBits().getFirst()));
          assertEquals(1L << bits.high(), format.softwareBit(part.softwareBits().getLast()));
        }
      }
      assertEquals(0, next);
      for (DecodedEntry example : layout.examples()) {
        assertEquals(layout.type(), example.type());
        assertTrue(example.flaw().isEmpty(), example::summary);
        assertEquals(0, example.unknownBits());
      }
    }
  }

  @Test
  void softwareBitsStandBetweenTheFields() {
    EntryLayout table = sheet("x86_64").layouts().getLast();
    assertEquals(EntryType.TABLE, table.type());
    assertEquals(
        "XD, sw 2-12, ADDRESS, sw 1, , sw 0, , PS, , A, PCD, PWT, U, RW, P",
        String.join(", ", table.parts().stream().map(EntryLayout.Part::name).toList()));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void textAndPictureAreReadable(FormatDefinition definition) {
    FormatSheet sheet = FormatSheet.of(definition);
    Views.checkText(view -> view.format(sheet));
    Views.checkPicture(SvgView.format(sheet));
    String text = TextView.plain().format(sheet);
    for (Feature feature : definition.allFeatures()) {
      assertEquals(
          feature.in(definition.supportedFeatures()),
          text.contains("  " + feature.name() + " "),
          feature.name());
    }
  }

  @Test
  void theComparisonHasARowInEachTableForEachFormat() {
    List<FormatSheet> sheets = Formats.all().stream().map(FormatSheet::of).toList();
    Views.checkText(view -> view.formats(sheets));
    List<String> lines = TextView.plain().formats(sheets).lines().toList();
    for (FormatSheet sheet : sheets) {
      String name = sheet.definition().name();
      assertEquals(4, lines.stream().filter(line -> line.startsWith(name + " ")).count(), name);
    }
    assertTrue(
        lines.contains(
            "x86_64   4K       4 to 5  9             8B    57          52           no          13"),
        () -> String.join("\n", lines));
  }
}
