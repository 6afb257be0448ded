package dev.genpt.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genpt.error.IommuException;
import dev.genpt.format.Formats;
import dev.genpt.json.Fields;
import dev.genpt.json.MalformedJson;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one scenario of a file, in the form that the data set's own text describes. */
final class ScenarioReader {
  /** The key of the first root's level, for the formats that leave it to the caller. */
  private static final Map<String, String> TOP_LEVEL_KEYS =
      Map.of(
          "amdv1", "starting_level",
          "mock", "starting_level",
          "x86_64", "top_level",
          "vtdss", "top_level");

  private static final List<String> CONFIG_KEYS =
      List.of("features", "hw_max_vasz_lg2", "hw_max_oasz_lg2", "sme_mask", "pgsize_bitmap");

  private ScenarioReader() {}

  /** The name of a scenario, or empty if it has none. */
  static Optional<String> nameOf(JsonNode scenario) {
    return Optional.of(scenario.path("name")).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }

  /**
   * The name of the scenario's format.
   *
   * @throws MalformedJson if there is none
   */
  static String formatOf(JsonNode scenario) {
    return Fields.root(scenario, "scenario").text("format");
  }

  /**
   * The scenario; empty if there is no engine for its format.
   *
   * @throws MalformedJson if it does not have the form
   */
  static Optional<Scenario> read(JsonNode node) {
    Fields fields = Fields.root(node, "scenario");
    String format = formatOf(node);
    Fields config = fields.object("config");
    return Formats.find(format)
        .<Config>map(found -> mainline(config, found))
        .or(() -> LegacyConfig.read(format, config))
        .map(made -> read(fields, made));
  }

  private static Scenario read(Fields fields, Config config) {
    String name = fields.text("name");
    Answer opening = AnswerReader.answer(fields.object("init"));
    List<Scenario.Step> steps = fields.objects("ops").stream().map(ScenarioReader::step).toList();
    if (!opening.rc().equals(Answer.SUCCESS)) {
      requireNothingAfterFailure(fields, opening, steps);
      return new Scenario(name, config, opening, steps, Optional.empty());
    }
    TableImage dump = AnswerReader.table(fields.object("dump"));
    return new Scenario(name, config, opening, steps, Optional.of(dump));
  }

  private static void requireNothingAfterFailure(
      Fields fields, Answer opening, List<Scenario.Step> steps) {
    if (opening.rc().isEmpty()) {
      throw new MalformedJson("init.rc", "this key is missing");
    }
    if (!steps.isEmpty() || fields.has("dump")) {
      throw new MalformedJson(
          steps.isEmpty() ? "dump" : "ops",
          "there is no table, as init.rc is \"%s\"".formatted(opening.rc()));
    }
  }

  private static MainlineConfig mainline(Fields fields, FormatDefinition format) {
    Optional<String> topLevelKey = Optional.ofNullable(TOP_LEVEL_KEYS.get(format.name()));
    List<String> keys = new ArrayList<>(CONFIG_KEYS);
    topLevelKey.ifPresent(keys::add);
    fields.only(keys.toArray(String[]::new));
    return new MainlineConfig(
        format,
        features(fields, format),
        fields.count("hw_max_vasz_lg2"),
        fields.count("hw_max_oasz_lg2"),
        topLevelKey.map(fields::count).orElse(0),
        fields.has("sme_mask") ? fields.hex("sme_mask") : 0,
        fields.has("pgsize_bitmap")
            ? OptionalLong.of(fields.hex("pgsize_bitmap"))
            : OptionalLong.empty());
  }

  private static int features(Fields fields, FormatDefinition format) {
    int mask = 0;
    for (JsonNode name : fields.array("features")) {
      mask |=
          format.allFeatures().stream()
              .filter(feature -> feature.name().equals(name.textValue()))
              .findFirst()
              .map(feature -> feature.mask())
              .orElseThrow(
                  () -> fields.wrong("features", name, "a feature of format " + format.name()));
    }
    return mask;
  }

  private static Scenario.Step step(Fields fields) {
    Operation operation = operation(fields);
    Fields expect = fields.object("expect");
    Answer recorded =
        operation instanceof Operation.Dump
            ? Answer.empty().with(Answer.TREE, new Value.Tree(AnswerReader.table(expect)))
            : AnswerReader.answer(expect);
    return new Scenario.Step(operation, recorded);
  }

  private static Operation operation(Fields fields) {
    String name = fields.text("op");
    return switch (name) {
      case "map", "imap" -> {
        fields.only("op", "iova", "pa", "len", "prot", "expect");
        yield new Operation.Map(
            fields.hex("iova"),
            fields.hex("pa"),
            fields.hex("len"),
            protection(fields),
            name.equals("imap"));
      }
      case "unmap" -> {
        fields.only("op", "iova", "len", "queued", "expect");
        yield new Operation.Unmap(fields.hex("iova"), fields.hex("len"), fields.flag("queued"));
      }
      case "unmap_fast" -> {
        fields.only("op", "iova", "len", "expect");
        yield new Operation.UnmapFast(fields.hex("iova"), fields.hex("len"));
      }
      case "sync" -> {
        fields.only("op", "expect");
        yield new Operation.Sync();
      }
      case "i2p" -> new Operation.IovaToPhys(fields.only("op", "iova", "expect").hex("iova"));
      case "set_dirty" -> new Operation.SetDirty(fields.only("op", "iova", "expect").hex("iova"));
      case "read_dirty" -> {
        fields.only("op", "iova", "len", "noclear", "expect");
        yield new Operation.ReadDirty(
            fields.hex("iova"), fields.hex("len"), !fields.flag("noclear"));
      }
      case "dump" -> {
        fields.only("op", "expect");
        yield new Operation.Dump();
      }
      default ->
          throw fields.wrong(
              "op",
              fields.node("op"),
              "an operation: map, imap, unmap, unmap_fast, sync, i2p, set_dirty, read_dirty, dump");
    };
  }

  private static int protection(Fields fields) {
    try {
      return Protection.parse(fields.text("prot"));
    } catch (IommuException e) {
      throw new MalformedJson(fields.pathOf("prot"), e.rule());
    }
  }
}
