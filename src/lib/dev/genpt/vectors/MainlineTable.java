package dev.genpt.vectors;

import dev.genpt.bits.Log2;
import dev.genpt.inspect.DecodedEntry;
import dev.genpt.inspect.DecodedField;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.PageTableFormat;
import java.util.stream.Collectors;

/** A table of the new engine. */
final class MainlineTable implements TableView {
  private final PageTable pageTable;
  private final PageTableFormat format;

  MainlineTable(PageTable pageTable) {
    this.pageTable = pageTable;
    format = pageTable.format();
  }

  @Override
  public long root() {
    return pageTable.root().address();
  }

  @Override
  public int topLevel() {
    return pageTable.root().level();
  }

  @Override
  public int widthLg2() {
    return pageTable.widthLg2(topLevel());
  }

  @Override
  public int items(int level) {
    return 1 << (level == topLevel() ? pageTable.rootItemsLg2(level) : format.itemsLg2(level));
  }

  @Override
  public int itemSizeLg2(int level) {
    return format.itemSizeLg2(level);
  }

  @Override
  public long load(long table, int index) {
    return format.load(pageTable.memory(), table, index);
  }

  @Override
  public EntryType typeOf(long word, int level) {
    return format.typeOf(word, level);
  }

  @Override
  public long tableAddress(long word, int level) {
    return format.tableAddress(word, level);
  }

  @Override
  public long addressBits(long word, int level) {
    return format.tableWord(tableAddress(word, level), level) ^ format.tableWord(0, level);
  }

  @Override
  public int wordLg2() {
    return format.geometry().wordLg2();
  }

  @Override
  public long canonical(long indexed) {
    return pageTable.has(Feature.SIGN_EXTEND) ? Log2.signExtend(indexed, widthLg2()) : indexed;
  }

  @Override
  public String compare(long due, long got, int level) {
    DecodedEntry expected = DecodedEntry.of(format, due, level);
    DecodedEntry came = DecodedEntry.of(format, got, level);
    return """
      expected %s  %s
      got      %s  %s%s\
    """
        .formatted(
            expected.wordText(),
            expected.summary(),
            came.wordText(),
            came.summary(),
            fields(expected, came));
  }

  /** The fields that differ, where the words are of one kind. */
  private static String fields(DecodedEntry due, DecodedEntry got) {
    if (due.type() != got.type()) {
      return "";
    }
    String fields =
        due.fields().stream()
            .filter(field -> field.value() != field.bits().get(got.word()))
            .map(field -> field(field, field.bits().get(got.word())))
            .collect(Collectors.joining(", "));
    return fields.isEmpty() ? "" : "\n  differ in " + fields;
  }

  private static String field(DecodedField field, long got) {
    String name = field.bits().name().isEmpty() ? "bits" : field.bits().name();
    return "%s, bit %s: expected %#x, got %#x"
        .formatted(name, field.bitRange(), field.value(), got);
  }
}
