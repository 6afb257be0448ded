package dev.genpt.snapshots;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genpt.json.Fields;
import dev.genpt.json.MalformedJson;
import dev.genpt.snapshots.Snapshot.AmdRegisters;
import dev.genpt.snapshots.Snapshot.ExpectedFault;
import dev.genpt.snapshots.Snapshot.ExpectedLeaf;
import dev.genpt.snapshots.Snapshot.Root;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads an image, in the form that the data set's own text describes. Keys that the checks don't
 * need are not looked at. Not thread-safe; one an image.
 */
final class SnapshotReader {
  private static final String DEVICE_TABLE_BASE = "DeviceTableBase";
  private static final List<String> OTHER_REGISTERS =
      List.of(
          "ExtendedFeatures",
          "CommandBufferBase",
          "EventLogBase",
          "CommandHead",
          "CommandTail",
          "EventHead",
          "EventTail");
  private static final int ADDRESS_LG2 = 52;

  private final Fields image;

  private SnapshotReader(JsonNode node) {
    image = Fields.root(node, "file");
  }

  /**
   * The image.
   *
   * @throws MalformedJson if it does not have the form
   */
  static Snapshot read(JsonNode node) {
    return new SnapshotReader(node).snapshot();
  }

  private Snapshot snapshot() {
    List<Fields> rows = image.objects("roots");
    List<Root> roots = rows.stream().map(SnapshotReader::root).toList();
    checkDevices(rows, roots);
    Set<String> devices = roots.stream().map(Root::device).collect(Collectors.toSet());
    return new Snapshot(
        amdRegisters(rows),
        roots,
        memory(),
        image.objects("expect").stream().map(row -> leaf(row, devices)).toList(),
        image.objects("faults").stream().map(row -> fault(row, devices)).toList());
  }

  /** Those of an AMD IOMMU: it has a device table, or a root that was read from one. */
  private Optional<AmdRegisters> amdRegisters(List<Fields> rows) {
    boolean isAmd =
        rows.stream().anyMatch(row -> row.has("dte"))
            || (image.has("registers") && image.object("registers").has(DEVICE_TABLE_BASE));
    if (!isAmd) {
      return Optional.empty();
    }
    Fields registers = image.object("registers");
    return Optional.of(
        new AmdRegisters(
            registers.digits(DEVICE_TABLE_BASE),
            registers.digits("Control"),
            OTHER_REGISTERS.stream()
                .filter(registers::has)
                .collect(Collectors.toMap(name -> name, registers::digits))));
  }

  private static Root root(Fields row) {
    OptionalInt mode = row.countIfAny("mode");
    OptionalInt levels = row.countIfAny("levels");
    // A root that tells how many levels there are tells its own level too.
    boolean told = row.has("top_level") || (mode.isEmpty() && levels.isEmpty());
    int topLevel = told ? row.count("top_level") : mode.orElseGet(levels::getAsInt) - 1;
    return new Root(
        row.path(),
        row.text("device"),
        row.text("format"),
        row.digits("top_pa"),
        topLevel,
        mode,
        levels,
        row.countIfAny("va_bits"),
        row.has("shares_table_with")
            ? Optional.of(row.text("shares_table_with"))
            : Optional.empty(),
        row.countIfAny("domain_id"),
        row.has("dte") ? words(row, "dte") : List.of());
  }

  /** A device has one row, and the row that it shares a table with is there. */
  private static void checkDevices(List<Fields> rows, List<Root> roots) {
    Map<String, Root> byDevice = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Root before = byDevice.putIfAbsent(roots.get(i).device(), roots.get(i));
      if (before != null) {
        throw new MalformedJson(
            rows.get(i).pathOf("device"),
            "\"%s\" has a row already, %s".formatted(before.device(), before.place()));
      }
    }
    for (Fields row : rows) {
      if (row.has("shares_table_with")) {
        checkHasRoot(row, "shares_table_with", byDevice.keySet());
      }
    }
  }

  private static String checkHasRoot(Fields row, String key, Set<String> devices) {
    String device = row.text(key);
    if (!devices.contains(device)) {
      throw new MalformedJson(row.pathOf(key), "\"%s\" has no row in roots".formatted(device));
    }
    return device;
  }

  private MemoryImage memory() {
    var memory = new MemoryImage();
    Map<Long, String> places = new HashMap<>();
    List<Fields> regions = image.objects("regions");
    if (regions.isEmpty()) {
      throw new MalformedJson("regions", "[] holds no page");
    }
    for (Fields region : regions) {
      long pa = region.digits("pa");
      if (pa % MemoryImage.PAGE_BYTES != 0 || pa >>> ADDRESS_LG2 != 0) {
        throw new MalformedJson(
            region.pathOf("pa"),
            "\"%x\" is not a multiple of 4 KiB below 2^%d".formatted(pa, ADDRESS_LG2));
      }
      if (!memory.add(pa, pageWords(region))) {
        throw new MalformedJson(
            region.pathOf("pa"), "\"%x\" overlaps %s".formatted(pa, places.get(pa)));
      }
      places.put(pa, region.path());
    }
    checkFits(memory);
    return memory;
  }

  private static void checkFits(MemoryImage memory) {
    long most = Runtime.getRuntime().maxMemory();
    if (memory.memoryBytes() > most / 2) {
      throw new MalformedJson(
          "regions",
          "they are so far apart that they take %d MiB, more than half of Java's %d MiB"
              .formatted(memory.memoryBytes() >> 20, most >> 20));
    }
  }

  private static long[] pageWords(Fields region) {
    List<Long> words = words(region, "words");
    if (words.size() != MemoryImage.PAGE_WORDS) {
      throw new MalformedJson(
          region.pathOf("words"),
          "they are %d words, a page has %d".formatted(words.size(), MemoryImage.PAGE_WORDS));
    }
    return words.stream().mapToLong(Long::longValue).toArray();
  }

  /** Words in order; {@code 0*502} stands for 502 words 0. */
  private static List<Long> words(Fields row, String key) {
    List<JsonNode> items = row.array(key);
    List<Long> words = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      words.addAll(run(row, "%s[%d]".formatted(key, i), items.get(i)));
    }
    return words;
  }

  private static List<Long> run(Fields row, String key, JsonNode item) {
    if (!item.isTextual()) {
      throw row.wrong(key, item, "a text");
    }
    String text = item.textValue();
    int star = text.indexOf('*');
    if (star < 0) {
      return List.of(row.parseDigits(key, text));
    }
    String times = text.substring(star + 1);
    if (!times.matches("[1-9]\\d{0,3}")) {
      throw row.wrong(key, item, "a word and how often it stands there, such as \"0*502\"");
    }
    long word = row.parseDigits(key, text.substring(0, star));
    return IntStream.range(0, Integer.parseInt(times)).mapToObj(_ -> word).toList();
  }

  private static ExpectedLeaf leaf(Fields row, Set<String> devices) {
    int sizeLg2 = row.count("size_lg2");
    if (sizeLg2 >= Long.SIZE) {
      throw row.wrong("size_lg2", row.node("size_lg2"), "below 64");
    }
    return new ExpectedLeaf(
        row.path(),
        checkHasRoot(row, "device", devices),
        row.digits("iova"),
        sizeLg2,
        row.digits("pa"),
        row.truth("read"),
        row.truth("write"),
        row.count("level"),
        row.digits("word"));
  }

  private static ExpectedFault fault(Fields row, Set<String> devices) {
    String access = row.has("access") ? row.text("access") : "read";
    if (Stream.of("read", "write").noneMatch(access::equals)) {
      throw row.wrong("access", row.node("access"), "\"read\" or \"write\"");
    }
    return new ExpectedFault(
        row.path(),
        checkHasRoot(row, "device", devices),
        row.digits("iova"),
        access.equals("write"),
        row.has("why") ? row.text("why") : "");
  }
}
