package dev.genpt.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A file of scenarios: a JSON array. It is read when it is replayed. */
public final class VectorFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Where the parser says that something began; it would name its own options. */
  private static final Pattern START_MARKER = Pattern.compile(" \\(start marker at .*");

  private final Path path;

  private VectorFile(Path path) {
    this.path = path;
  }

  /**
   * The files {@code *.json} of a folder, by name.
   *
   * @throws IOException if the folder can't be read
   */
  public static List<VectorFile> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
          .sorted()
          .map(VectorFile::new)
          .toList();
    }
  }

  /** The file's name, without its folder. */
  public String name() {
    return path.getFileName().toString();
  }

  /**
   * The scenarios, as they stand in the file.
   *
   * @throws IOException if the file can't be read
   * @throws MalformedVector if it is no JSON array
   */
  List<JsonNode> scenarios() throws IOException {
    JsonNode root;
    try (InputStream in = Files.newInputStream(path)) {
      root = MAPPER.readTree(in);
    } catch (JsonProcessingException e) {
      throw new MalformedVector(
          "line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
          "no JSON: " + START_MARKER.matcher(e.getOriginalMessage()).replaceAll(""));
    }
    if (!root.isArray()) {
      throw new MalformedVector("file", "it is no JSON array of scenarios");
    }
    return root.valueStream().toList();
  }
}
