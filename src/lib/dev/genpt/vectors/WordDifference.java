package dev.genpt.vectors;

import dev.genpt.inspect.DecodedEntry;
import dev.genpt.inspect.DecodedField;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The first word in which two table images differ, told with its place and its meaning. */
final class WordDifference {
  private final TableImages images;
  private final List<Integer> path = new ArrayList<>();

  private WordDifference(TableImages images) {
    this.images = images;
  }

  /**
   * Tells of the first different word, tables before what they point to and ascending in each.
   *
   * @param images of the table that {@code got} was just read from
   */
  static String first(TableImage due, TableImage got, TableImages images) {
    if (due.level() != got.level()) {
      return "tree: expected a root of level %d, got one of level %d"
          .formatted(due.level(), got.level());
    }
    return new WordDifference(images).search(due, got).orElse("tree: no different word found");
  }

  private Optional<String> search(TableImage due, TableImage got) {
    NavigableSet<Integer> indexes = new TreeSet<>(due.items().keySet());
    indexes.addAll(got.items().keySet());
    for (int index : indexes) {
      path.add(index);
      TableImage.@Nullable Item expected = due.items().get(index);
      TableImage.@Nullable Item came = got.items().get(index);
      if (expected instanceof TableImage.Pointer(long dueWord, TableImage dueChild)
          && came instanceof TableImage.Pointer(long gotWord, TableImage gotChild)
          && dueWord == gotWord) {
        Optional<String> below = search(dueChild, gotChild);
        if (below.isPresent()) {
          return below;
        }
      } else if (expected == null || !expected.equals(came)) {
        int items = images.items(due.level());
        return Optional.of(
            index < items
                ? describe(expected)
                : "tree: item %d of a table of level %d was recorded, which has %d items"
                    .formatted(index, due.level(), items));
      }
      path.removeLast();
    }
    return Optional.empty();
  }

  private String describe(TableImage.@Nullable Item expected) {
    TableImages.PlacedWord at = images.wordAt(path);
    long word = expected == null ? 0 : expected.word();
    boolean pointer = expected instanceof TableImage.Pointer;
    long whole = pointer ? images.withAddressOf(at.word(), word, at.level()) : word;
    DecodedEntry due = DecodedEntry.of(images.format(), whole, at.level());
    DecodedEntry got = DecodedEntry.of(images.format(), at.word(), at.level());
    return """
    tree: table word of level %d, index %d, input address %#x, at physical address %#x
      expected %s  %s
      got      %s  %s%s\
    """
        .formatted(
            at.level(),
            at.index(),
            at.iova(),
            at.pa(),
            due.wordText(),
            due.summary(),
            got.wordText(),
            got.summary(),
            fields(due, got));
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
