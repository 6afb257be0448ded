package dev.genpt.lessons;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genpt.project.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A lesson as its file holds it.
 *
 * @param name the file's name
 * @param metadata of the whole notebook
 * @param cells in order
 */
record Notebook(String name, JsonNode metadata, List<Cell> cells) {
  /**
   * A cell.
   *
   * @param place for a person: its number among all cells, from 1
   * @param isCode whether it is run
   * @param source its text
   * @param json all of it
   */
  record Cell(String place, boolean isCode, String source, JsonNode json) {
    List<JsonNode> outputs() {
      return list(json.path("outputs"));
    }

    /** What to change in its text to try it: the change itself; empty without a prompt. */
    Optional<JsonNode> change() {
      return Optional.of(json.at("/metadata/genpt/change")).filter(JsonNode::isObject);
    }

    /** The misconceptions that it treats. */
    List<String> treats() {
      return list(json.at("/metadata/genpt/treats")).stream().map(JsonNode::asText).toList();
    }
  }

  /** The lesson's number: the digits that its name begins with. */
  String number() {
    return name.replaceFirst("\\D.*", "");
  }

  List<Cell> codeCells() {
    return cells.stream().filter(Cell::isCode).toList();
  }

  /** All lessons. */
  static List<Notebook> lessons() throws IOException {
    try (Stream<Path> files = Files.list(Checkout.root().resolve("notebooks"))) {
      return files
          .filter(file -> file.toString().endsWith(".ipynb"))
          .sorted()
          .map(Notebook::read)
          .toList();
    }
  }

  private static Notebook read(Path file) {
    try {
      return parse(file.getFileName().toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The notebook of a JSON text. */
  static Notebook parse(String name, String json) throws IOException {
    JsonNode root = new ObjectMapper().readTree(json);
    List<Cell> cells = new ArrayList<>();
    for (JsonNode cell : root.path("cells")) {
      cells.add(
          new Cell(
              "%s, cell %d".formatted(name, cells.size() + 1),
              cell.path("cell_type").asText().equals("code"),
              text(cell.path("source")),
              cell));
    }
    return new Notebook(name, root.path("metadata"), List.copyOf(cells));
  }

  /** A text that may be kept as a list of its lines. */
  static String text(JsonNode node) {
    return node.isArray()
        ? list(node).stream().map(JsonNode::asText).collect(Collectors.joining())
        : node.asText();
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
