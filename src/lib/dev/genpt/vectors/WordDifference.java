package dev.genpt.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
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
        int items = images.table().items(due.level());
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
    return "tree: table word of level %d, index %d, input address %#x, at physical address %#x%n%s"
        .formatted(
            at.level(),
            at.index(),
            at.iova(),
            at.pa(),
            images.table().compare(whole, at.word(), at.level()));
  }
}
