package dev.genpt.inspect;

import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Geometry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Writes formats below each other, in some tables with a row for each. Not thread-safe; one a text.
 */
final class FormatTable {
  private static final String FORCED = "*";

  private final Ink ink;
  private final List<FormatSheet> sheets;
  private final StringBuilder text = new StringBuilder();

  FormatTable(Ink ink, List<FormatSheet> sheets) {
    this.ink = ink;
    this.sheets = sheets;
  }

  String text() {
    table(
        List.of("format", "what it is", "what walks it"),
        sheet -> List.of(sheet.definition().title(), sheet.definition().hardware().walker()));
    table(
        List.of(
            "format",
            "granule",
            "levels",
            "bits a level",
            "word",
            "input bits",
            "output bits",
            "dirty bits",
            "software bits"),
        FormatTable::measures);
    table(List.of("format", "page sizes"), sheet -> List.of(ByteSize.ofBitmap(sheet.pageSizes())));
    table(
        List.of("format", "features (" + FORCED + " must be asked for)"),
        sheet -> List.of(features(sheet.definition())));
    return text.toString();
  }

  private void table(List<String> head, Function<FormatSheet, List<String>> row) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(head);
    for (FormatSheet sheet : sheets) {
      List<String> cells = new ArrayList<>(List.of(sheet.definition().name()));
      cells.addAll(row.apply(sheet));
      rows.add(cells);
    }
    text.append(text.isEmpty() ? "" : "\n").append(Columns.headed(ink, rows, ""));
  }

  private static List<String> measures(FormatSheet sheet) {
    Geometry geometry = sheet.definition().geometry();
    return List.of(
        ByteSize.ofLg2(geometry.granuleLg2()),
        sheet.levelCounts(),
        "" + geometry.bitsPerLevel(),
        ByteSize.ofLg2(geometry.wordLg2()),
        "" + geometry.maxVaLg2(),
        "" + geometry.maxOaLg2(),
        sheet.format().supportsDirty() ? "yes" : "no",
        "" + (sheet.format().maxSoftwareBit() + 1));
  }

  private static String features(FormatDefinition definition) {
    List<String> names =
        definition.allFeatures().stream()
            .filter(feature -> feature.in(definition.supportedFeatures()))
            .map(
                feature -> feature.name() + (feature.in(definition.forcedFeatures()) ? FORCED : ""))
            .toList();
    return names.isEmpty() ? "none" : String.join(", ", names);
  }
}
