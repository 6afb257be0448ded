package dev.genpt.inspect;

import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Hardware;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the sheet of a format as text. Not thread-safe; one a sheet. */
final class FormatText {
  private static final String NOTHING = "-";

  private final Ink ink;
  private final FormatSheet sheet;
  private final FormatDefinition definition;
  private final StringBuilder text = new StringBuilder();

  FormatText(Ink ink, FormatSheet sheet) {
    this.ink = ink;
    this.sheet = sheet;
    definition = sheet.definition();
  }

  /** Everything, with {@code address} as the picture of the address. */
  String text(String address) {
    Hardware hardware = definition.hardware();
    text.append(ink.bold(definition.name() + ": " + definition.title())).append('\n');
    pair("walked by", hardware.walker());
    pair("manual", hardware.manual());
    if (!hardware.equals(Hardware.NONE)) {
      pair("hardware gets", "the address of the root, and its " + hardware.levelCode());
    }
    pair("dirty bits", sheet.format().supportsDirty() ? "yes" : "no");
    pair("page sizes", ByteSize.ofBitmap(sheet.pageSizes()));
    text.append('\n').append(address).append('\n');
    levels();
    sheet.layouts().forEach(this::layout);
    features();
    return text.toString();
  }

  private void pair(String name, String value) {
    List<String> lines = Wrap.columns(value, TextView.COLUMNS - 17);
    for (int i = 0; i < lines.size(); i++) {
      text.append("  %-13s  %s\n".formatted(i == 0 ? name : "", lines.get(i)));
    }
  }

  private void levels() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "level",
            "index bits",
            "items",
            "one item",
            "root bits",
            definition.hardware().levelCode(),
            "leaves"));
    for (FormatSheet.Level level : sheet.levels()) {
      Optional<FormatSheet.Root> root = level.root();
      rows.add(
          List.of(
              "" + level.level(),
              level.indexBits().range(),
              "" + level.items(),
              ByteSize.ofLg2(level.itemSizeLg2()),
              root.map(of -> "" + of.vaLg2()).orElse(NOTHING),
              root.map(FormatSheet.Root::levelCode).orElse(NOTHING),
              level.leafSizes() == 0 ? "none" : ByteSize.ofBitmap(level.leafSizes())));
    }
    text.append(Columns.headed(ink, rows, "  "));
  }

  private void layout(EntryLayout layout) {
    text.append('\n').append(ink.bold(layout.title())).append('\n');
    var bits = new StringBuilder("  |");
    var names = new StringBuilder("  |");
    for (EntryLayout.Part part : layout.parts()) {
      int width = Math.max(part.bits().range().length(), part.name().length());
      String cell = "%-" + width + "s|";
      bits.append(cell.formatted(part.bits().range()));
      names.append(cell.formatted(part.name()));
    }
    text.append(bits).append('\n').append(names).append("\n\n");
    for (EntryLayout.Part part : layout.parts()) {
      text.append(
              "  %-6s %-8s %s"
                  .formatted(part.bits().range(), part.name(), part.meaning())
                  .stripTrailing())
          .append('\n');
    }
    text.append('\n');
    for (DecodedEntry example : layout.examples()) {
      text.append("  %s  %s\n".formatted(ink.bold(example.wordText()), example.summary()));
    }
  }

  private void features() {
    List<List<String>> rows = new ArrayList<>();
    for (Feature feature : definition.allFeatures()) {
      if (feature.in(definition.supportedFeatures())) {
        String must = feature.in(definition.forcedFeatures()) ? "must be asked for: " : "";
        rows.add(List.of(feature.name(), must + feature.title()));
      }
    }
    if (!rows.isEmpty()) {
      text.append('\n').append(ink.bold("Features")).append('\n').append(Columns.text(rows, "  "));
    }
  }
}
