package dev.genpt.vectors;

import java.util.List;
import java.util.stream.Collectors;

/** What stands under one key of an answer. Two values are alike if they say the same. */
sealed interface Value
    permits Gather,
        Value.Text,
        Value.Hex,
        Value.Count,
        Value.NoTranslation,
        Value.Events,
        Value.Extents,
        Value.Tree,
        Value.Foreign {
  /** A word, such as the result code {@code -ERANGE}. */
  record Text(String text) implements Value {
    @Override
    public String toString() {
      return text;
    }
  }

  /** An address or a length, unsigned. */
  record Hex(long value) implements Value {
    @Override
    public String toString() {
      return "%#x".formatted(value);
    }
  }

  /** A small number. */
  record Count(long value) implements Value {
    @Override
    public String toString() {
      return "" + value;
    }
  }

  /** Nothing is mapped at the address. */
  record NoTranslation() implements Value {
    @Override
    public String toString() {
      return "no translation";
    }
  }

  /** What the driver was told during the operation, in order. */
  record Events(List<Event> events) implements Value {
    public Events {
      events = List.copyOf(events);
    }

    @Override
    public String toString() {
      return events.toString();
    }
  }

  /** Stretches of dirty addresses, in walk order. */
  record Extents(List<Extent> extents) implements Value {
    public Extents {
      extents = List.copyOf(extents);
    }

    @Override
    public String toString() {
      return extents.isEmpty()
          ? "none"
          : extents.stream().map(Extent::toString).collect(Collectors.joining(" "));
    }
  }

  /** A whole table. */
  record Tree(TableImage table) implements Value {
    @Override
    public String toString() {
      return "a table of level " + table.level();
    }
  }

  /** What stands under a key that this form does not have. */
  record Foreign(String json) implements Value {
    @Override
    public String toString() {
      return json;
    }
  }
}
