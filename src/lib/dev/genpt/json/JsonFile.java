package dev.genpt.json;

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

/** A file of recorded data, one JSON value. Any thread may read it. */
public final class JsonFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Where the parser says that something began; it would name its own options. */
  private static final Pattern START_MARKER = Pattern.compile(" \\(start marker at .*");

  private final Path path;

  private JsonFile(Path path) {
    this.path = path;
  }

  /**
   * The files {@code *.json} of a folder, by name.
   *
   * @throws IOException if the folder can't be read
   */
  public static List<JsonFile> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
          .sorted()
          .map(JsonFile::new)
          .toList();
    }
  }

  /** The file's name, without its folder. */
  public String name() {
    return path.getFileName().toString();
  }

  /**
   * What stands in the file.
   *
   * @throws IOException if the file can't be read
   * @throws MalformedJson if it is no JSON, or more than one value
   */
  public JsonNode read() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return MAPPER.readTree(in);
    } catch (JsonProcessingException e) {
      throw new MalformedJson(
          "line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
          "no JSON: " + START_MARKER.matcher(e.getOriginalMessage()).replaceAll(""));
    }
  }
}
