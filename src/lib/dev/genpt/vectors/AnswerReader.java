package dev.genpt.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genpt.json.Fields;
import dev.genpt.json.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads recorded answers: what stands under {@code init}, {@code expect} and {@code dump}. */
final class AnswerReader {
  private static final String PGSIZE = "pgsize";
  private static final Pattern RC = Pattern.compile("0|-E[A-Z0-9]+");

  private AnswerReader() {}

  /** The answer in {@code fields}; a key that the form does not have is kept as it stands. */
  static Answer answer(Fields fields) {
    Answer answer = Answer.empty();
    for (String key : fields.keys()) {
      answer = answer.with(key, value(fields, key));
    }
    return answer;
  }

  private static Value value(Fields fields, String key) {
    return switch (key) {
      case Answer.RC -> {
        String rc = fields.text(key);
        if (!RC.matcher(rc).matches()) {
          throw fields.wrong(key, fields.node(key), "\"0\" or an error such as \"-EINVAL\"");
        }
        yield new Value.Text(rc);
      }
      case Answer.MAPPED,
          Answer.UNMAPPED,
          Answer.PA,
          Answer.PGSIZE_BITMAP,
          Answer.APERTURE_START,
          Answer.APERTURE_END ->
          new Value.Hex(fields.hex(key));
      case Answer.TOP_LEVEL, Answer.LIVE, Answer.LIVE_PAGES, Answer.FLUSHES, Answer.FLUSH_BYTES ->
          new Value.Count(fields.count(key));
      case Answer.GATHER -> gather(fields.object(key).only("start", "end", "freed", PGSIZE));
      case Answer.EVENTS ->
          new Value.Events(fields.objects(key).stream().map(AnswerReader::event).toList());
      case Answer.DIRTY -> new Value.Extents(extents(fields, key));
      default -> new Value.Foreign(fields.node(key).toString());
    };
  }

  private static Gather gather(Fields fields) {
    return new Gather(
        fields.hex("start"), fields.hex("end"), fields.count("freed"), pageSize(fields));
  }

  private static Event event(Fields fields) {
    String kind = fields.text("kind");
    return switch (kind) {
      case "change_top" -> new Event.ChangeTop(fields.only("kind", "level").count("level"));
      case Event.SYNC, "flush_walk", "flush_pages", "cache_tag_flush", "add_page_nogather" -> {
        fields.only("kind", "start", "end", "freed", PGSIZE);
        yield new Event.Flush(
            kind, fields.hex("start"), fields.hex("end"), fields.count("freed"), pageSize(fields));
      }
      default ->
          throw fields.wrong(
              "kind",
              fields.node("kind"),
              "an event: change_top, sync, flush_walk, flush_pages, cache_tag_flush, add_page_nogather");
    };
  }

  private static long pageSize(Fields fields) {
    return fields.has(PGSIZE) ? fields.hex(PGSIZE) : 0;
  }

  private static List<Extent> extents(Fields fields, String key) {
    List<Extent> extents = new ArrayList<>();
    for (JsonNode pair : fields.array(key)) {
      if (!pair.isArray()
          || pair.size() != 2
          || !Fields.isHex(pair.get(0))
          || !Fields.isHex(pair.get(1))) {
        throw fields.wrong(key, pair, "a pair of hexadecimal numbers, an address and a length");
      }
      extents.add(new Extent(Fields.parseHex(pair.get(0)), Fields.parseHex(pair.get(1))));
    }
    return extents;
  }

  /** The table in {@code fields}, its runs unfolded. */
  static TableImage table(Fields fields) {
    fields.only("level", "entries");
    int level = fields.count("level");
    NavigableMap<Integer, TableImage.Item> items = new TreeMap<>();
    for (Fields entry : fields.objects("entries")) {
      int first = entry.count("i");
      if (!items.isEmpty() && first <= items.lastKey()) {
        throw new MalformedJson(
            entry.pathOf("i"), "item %d comes after item %d".formatted(first, items.lastKey()));
      }
      if (entry.has("child")) {
        entry.only("i", "attr", "child");
        items.put(first, pointer(entry, level));
      } else {
        addRun(items, first, entry.only("i", "n", "raw", "step"));
      }
    }
    return new TableImage(level, items);
  }

  private static TableImage.Pointer pointer(Fields entry, int level) {
    Fields child = entry.object("child");
    TableImage table = table(child);
    if (table.level() != level - 1) {
      throw new MalformedJson(
          child.pathOf("level"),
          "a table of level %d points to level %d".formatted(level, table.level()));
    }
    return new TableImage.Pointer(entry.hex("attr"), table);
  }

  private static void addRun(NavigableMap<Integer, TableImage.Item> items, int first, Fields run) {
    int count = run.count("n");
    if (count < 1 || count > TableImage.MAX_ITEMS - first) {
      throw new MalformedJson(run.pathOf("n"), "%d items from item %d on".formatted(count, first));
    }
    long word = run.hex("raw");
    long step = run.hex("step");
    if (count == 1 && step != 0) {
      throw new MalformedJson(run.pathOf("step"), "a run of one item has no step but 0x0");
    }
    for (int i = 0; i < count; i++) {
      items.put(first + i, new TableImage.Leaf(word + i * step));
    }
  }
}
