package dev.genpt.vectors;

import dev.genpt.error.IommuException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one operation answered: values by key. A key that would say "nothing happened" is left out.
 * Immutable.
 */
final class Answer {
  static final String RC = "rc";
  static final String MAPPED = "mapped";
  static final String UNMAPPED = "unmapped";
  static final String PA = "pa";
  static final String DIRTY = "dirty";
  static final String GATHER = "gather";
  static final String TOP_LEVEL = "top_level";
  static final String LIVE = "live";
  static final String LIVE_PAGES = "live_pages";
  static final String FLUSHES = "flushes";
  static final String FLUSH_BYTES = "flush_bytes";
  static final String EVENTS = "events";
  static final String PGSIZE_BITMAP = "pgsize_bitmap";
  static final String APERTURE_START = "aperture_start";
  static final String APERTURE_END = "aperture_end";

  /** The key of a whole table, which has no name in the files. */
  static final String TREE = "tree";

  static final String SUCCESS = "0";

  private static final Answer EMPTY = new Answer(Map.of());

  private final Map<String, Value> values;

  private Answer(Map<String, Value> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** An answer without any key. */
  static Answer empty() {
    return EMPTY;
  }

  /** The result code of {@code operation}. */
  static Answer of(Runnable operation) {
    try {
      operation.run();
      return EMPTY.withText(RC, SUCCESS);
    } catch (IommuException e) {
      return failed(e);
    }
  }

  /** The result code of an operation that failed. */
  static Answer failed(IommuException e) {
    return EMPTY.withText(RC, "-" + e.errno());
  }

  /** This answer with {@code value} under {@code key}. */
  Answer with(String key, Value value) {
    Map<String, Value> changed = new LinkedHashMap<>(values);
    changed.put(key, value);
    return new Answer(changed);
  }

  Answer withText(String key, String text) {
    return with(key, new Value.Text(text));
  }

  Answer withHex(String key, long value) {
    return with(key, new Value.Hex(value));
  }

  Answer withCount(String key, long value) {
    return with(key, new Value.Count(value));
  }

  /** This answer with these events, which are left out if there are none. */
  Answer withEvents(List<Event> events) {
    return events.isEmpty() ? without(EVENTS) : with(EVENTS, new Value.Events(events));
  }

  /** This answer without {@code key}. */
  Answer without(String key) {
    Map<String, Value> changed = new LinkedHashMap<>(values);
    changed.remove(key);
    return new Answer(changed);
  }

  Set<String> keys() {
    return values.keySet();
  }

  Optional<Value> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** True if exactly {@code value} stands under {@code key}. */
  boolean holds(String key, Value value) {
    return value.equals(values.get(key));
  }

  /** The result code; empty text if there is none. */
  String rc() {
    return values.get(RC) instanceof Value.Text(String text) ? text : "";
  }

  /** The address or length under {@code key}, if one is there. */
  OptionalLong hex(String key) {
    return values.get(key) instanceof Value.Hex(long value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  /** The small number under {@code key}, if one is there. */
  OptionalLong count(String key) {
    return values.get(key) instanceof Value.Count(long value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  /** The gather, if one is there. */
  Optional<Gather> gather() {
    return values.get(GATHER) instanceof Gather gather ? Optional.of(gather) : Optional.empty();
  }

  /** The table, if one is there. */
  Optional<TableImage> tree() {
    return values.get(TREE) instanceof Value.Tree(TableImage table)
        ? Optional.of(table)
        : Optional.empty();
  }

  /** The events, none if they are left out. */
  List<Event> events() {
    return values.get(EVENTS) instanceof Value.Events(List<Event> events) ? events : List.of();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Answer answer && values.equals(answer.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
