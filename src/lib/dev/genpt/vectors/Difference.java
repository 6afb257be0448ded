package dev.genpt.vectors;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One key that the engine answered otherwise than it must.
 *
 * @param key the key
 * @param text what was expected and what came, in one line or more
 */
record Difference(String key, String text) {
  private static final String ABSENT = "not there";

  /**
   * Every key in which two answers differ, those that are there on one side only included.
   *
   * @param due what must be
   * @param recorded what {@code due} was made from
   * @param got what the engine answered
   * @param images for the words of a table
   */
  static List<Difference> between(
      Answer due, Answer recorded, Answer got, Optional<TableImages> images) {
    Set<String> keys = new LinkedHashSet<>(due.keys());
    keys.addAll(got.keys());
    List<Difference> differences = new ArrayList<>();
    for (String key : keys) {
      Optional<Value> expected = due.get(key);
      Optional<Value> came = got.get(key);
      if (!expected.equals(came)) {
        differences.add(new Difference(key, describe(key, expected, recorded, came, images)));
      }
    }
    return differences;
  }

  private static String describe(
      String key,
      Optional<Value> expected,
      Answer recorded,
      Optional<Value> came,
      Optional<TableImages> images) {
    if (images.isPresent()
        && expected.orElse(null) instanceof Value.Tree(TableImage due)
        && came.orElse(null) instanceof Value.Tree(TableImage got)) {
      return WordDifference.first(due, got, images.get());
    }
    Optional<Value> original = recorded.get(key);
    String note = original.equals(expected) ? "" : " (recorded: %s)".formatted(shown(original));
    return "%s: expected %s%s, got %s".formatted(key, shown(expected), note, shown(came));
  }

  private static String shown(Optional<Value> value) {
    return value.map(Value::toString).orElse(ABSENT);
  }
}
