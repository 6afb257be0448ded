package dev.genpt.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genpt.json.JsonFile;
import dev.genpt.json.MalformedJson;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What came of the scenarios of one file.
 *
 * @param file the file's name
 * @param results one a scenario; a single failure named like the file if it is no JSON array
 */
public record FileReplay(String file, List<ScenarioResult> results) {
  /**
   * Where tables come from, and RAM for data all above it: an old engine takes a page of data for a
   * table where its unmap ends inside a large leaf.
   */
  private static final List<PhysicalMemory.Region> RAM =
      List.of(
          new PhysicalMemory.Region(1L << 20, 255L << 20),
          new PhysicalMemory.Region(1L << 28, (1L << 52) - (1L << 28)));

  /** Copies the list. */
  public FileReplay {
    results = List.copyOf(results);
  }

  /** Replays all scenarios of {@code file}, or only those of one format. */
  public static FileReplay of(JsonFile file, Optional<String> onlyFormat) {
    List<ScenarioResult> results = new ArrayList<>();
    var pages = new PageAllocator(new PhysicalMemory(RAM));
    try {
      List<JsonNode> scenarios = scenarios(file);
      for (int i = 0; i < scenarios.size(); i++) {
        String place = "scenario %d".formatted(i);
        replay(scenarios.get(i), place, onlyFormat, pages).ifPresent(results::add);
      }
    } catch (MalformedJson | IOException e) {
      results.add(new ScenarioResult.Failed(file.name(), "", List.of(e.getMessage())));
    }
    return new FileReplay(file.name(), results);
  }

  private static List<JsonNode> scenarios(JsonFile file) throws IOException {
    JsonNode root = file.read();
    if (!root.isArray()) {
      throw new MalformedJson("file", "it is no JSON array of scenarios");
    }
    return root.valueStream().toList();
  }

  private static Optional<ScenarioResult> replay(
      JsonNode node, String place, Optional<String> onlyFormat, PageAllocator pages) {
    String name = ScenarioReader.nameOf(node).orElse(place);
    try {
      String format = ScenarioReader.formatOf(node);
      if (onlyFormat.filter(only -> !only.equals(format)).isPresent()) {
        return Optional.empty();
      }
      return Optional.of(
          ScenarioReader.read(node)
              .map(scenario -> ScenarioReplay.run(scenario, pages))
              .orElseGet(() -> new ScenarioResult.Skipped(name, format)));
    } catch (MalformedJson e) {
      return Optional.of(new ScenarioResult.Failed(name, "", List.of(e.getMessage())));
    }
  }

  /**
   * The formats that the scenarios of a file name; those that name none are left out.
   *
   * @throws IOException if the file can't be read
   */
  public static Set<String> formatsOf(JsonFile file) throws IOException {
    try {
      return scenarios(file).stream()
          .map(scenario -> scenario.path("format").asText())
          .filter(format -> !format.isEmpty())
          .collect(Collectors.toSet());
    } catch (MalformedJson e) {
      return Set.of();
    }
  }

  /** How many scenarios passed, those by rule included. */
  public long passed() {
    return count(ScenarioResult.Passed.class);
  }

  /** How many scenarios failed. */
  public long failed() {
    return count(ScenarioResult.Failed.class);
  }

  /** How many scenarios are of formats that the engine does not have. */
  public long skipped() {
    return count(ScenarioResult.Skipped.class);
  }

  private long count(Class<? extends ScenarioResult> kind) {
    return results.stream().filter(kind::isInstance).count();
  }

  /** The scenarios that passed because a rule corrected what was recorded. */
  public List<ScenarioResult.Passed> byRule() {
    return results.stream()
        .filter(ScenarioResult.Passed.class::isInstance)
        .map(ScenarioResult.Passed.class::cast)
        .filter(ScenarioResult.Passed::isByRule)
        .toList();
  }

  /** The scenarios that failed. */
  public List<ScenarioResult.Failed> failures() {
    return results.stream()
        .filter(ScenarioResult.Failed.class::isInstance)
        .map(ScenarioResult.Failed.class::cast)
        .toList();
  }

  /** The file in one line: its counts, and the formats that were skipped. */
  public String line() {
    String skippedFormats =
        results.stream()
            .filter(ScenarioResult.Skipped.class::isInstance)
            .map(result -> ((ScenarioResult.Skipped) result).format())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    String line =
        "%-20s %5d passed, %d failed, %d skipped, %d by rule"
            .formatted(file, passed(), failed(), skipped(), byRule().size());
    return skippedFormats.isEmpty() ? line : line + "; the engine has no format " + skippedFormats;
  }
}
