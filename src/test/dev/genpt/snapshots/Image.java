package dev.genpt.snapshots;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.genpt.json.JsonFile;
import dev.genpt.project.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An image of the data set that a test may change, and what comes of it. */
final class Image {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final ObjectNode json;

  private Image(ObjectNode json) {
    this.json = json;
  }

  /** An image of the project. */
  static Image of(String name) throws IOException {
    Path file = Checkout.root().resolve("datasets/snapshots").resolve(name + ".json");
    return new Image((ObjectNode) MAPPER.readTree(file.toFile()));
  }

  /** An image as text. */
  static Image ofText(String text) throws IOException {
    return new Image((ObjectNode) MAPPER.readTree(text));
  }

  /** All of it. */
  ObjectNode json() {
    return json;
  }

  ArrayNode rows(String key) {
    return (ArrayNode) json.get(key);
  }

  ObjectNode row(String key, int index) {
    return (ObjectNode) rows(key).get(index);
  }

  /** The words of the page at an address, written out, to be changed. */
  ArrayNode words(long pa) {
    for (JsonNode region : rows("regions")) {
      if (region.get("pa").textValue().equals(Long.toHexString(pa))) {
        ArrayNode words = MAPPER.createArrayNode();
        for (JsonNode run : region.get("words")) {
          String[] parts = run.textValue().split("\\*");
          for (int i = 0; i < (parts.length == 1 ? 1 : Integer.parseInt(parts[1])); i++) {
            words.add(parts[0]);
          }
        }
        ((ObjectNode) region).set("words", words);
        return words;
      }
    }
    throw new IllegalArgumentException("no page at %#x".formatted(pa));
  }

  long word(long pa, int index) {
    return Long.parseUnsignedLong(words(pa).get(index).textValue(), 16);
  }

  void setWord(long pa, int index, long word) {
    words(pa).set(index, Long.toHexString(word));
  }

  /** What comes of every root. */
  List<RootResult> check(Path folder) throws IOException {
    return check(folder, json.toString());
  }

  /** What comes of every root of a file with this text. */
  static List<RootResult> check(Path folder, String text) throws IOException {
    Files.writeString(folder.resolve("image.json"), text);
    List<RootResult> results = new ArrayList<>();
    SnapshotCheck.read(JsonFile.in(folder).getFirst()).run(Optional.empty(), results::add);
    return results;
  }

  /** The problems of the roots that failed. */
  List<String> problems(Path folder) throws IOException {
    return check(folder).stream().flatMap(result -> result.problems().stream()).toList();
  }
}
