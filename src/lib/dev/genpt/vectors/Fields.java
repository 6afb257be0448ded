package dev.genpt.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A JSON object whose values are asked for by key and kind; what is wrong is named by its path. */
final class Fields {
  private static final Pattern HEX = Pattern.compile("0[xX]0*[0-9a-fA-F]{1,16}");
  private static final Pattern PLAIN_HEX = Pattern.compile("0*[0-9a-fA-F]{1,16}");
  private static final int SHOWN = 60;

  private final JsonNode object;
  private final String path;

  private Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /**
   * The object at {@code path}, an empty text for the scenario itself.
   *
   * @throws MalformedVector if it is none
   */
  static Fields of(JsonNode node, String path) {
    if (!node.isObject()) {
      throw new MalformedVector(path.isEmpty() ? "scenario" : path, shown(node) + " is no object");
    }
    return new Fields(node, path);
  }

  /** Where {@code key} stands, for messages. */
  String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    return object.has(key);
  }

  Collection<String> keys() {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  /** Refuses every key but these. */
  Fields only(String... known) {
    Set<String> others = new HashSet<>(keys());
    Arrays.asList(known).forEach(others::remove);
    if (!others.isEmpty()) {
      throw new MalformedVector(
          pathOf(others.stream().sorted().findFirst().orElseThrow()),
          "this key is not known here; there are " + String.join(", ", known));
    }
    return this;
  }

  JsonNode node(String key) {
    @Nullable JsonNode node = object.get(key);
    if (node == null) {
      throw new MalformedVector(pathOf(key), "this key is missing");
    }
    return node;
  }

  Fields object(String key) {
    return of(node(key), pathOf(key));
  }

  String text(String key) {
    JsonNode node = node(key);
    if (!node.isTextual()) {
      throw wrong(key, node, "a text");
    }
    return node.textValue();
  }

  /** An unsigned 64-bit number in hexadecimal, with 0x. */
  long hex(String key) {
    JsonNode node = node(key);
    if (!isHex(node)) {
      throw wrong(key, node, "a hexadecimal number of up to 64 bits, such as \"0x1000\"");
    }
    return parseHex(node);
  }

  /** An unsigned 64-bit number in hexadecimal, without 0x. */
  long plainHex(String key) {
    JsonNode node = node(key);
    if (!node.isTextual() || !PLAIN_HEX.matcher(node.textValue()).matches()) {
      throw wrong(key, node, "a hexadecimal number of up to 64 bits without 0x");
    }
    return Long.parseUnsignedLong(node.textValue(), 16);
  }

  /** A small number, 0 or more. */
  int count(String key) {
    JsonNode node = node(key);
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw wrong(key, node, "a whole number, 0 or more");
    }
    return node.intValue();
  }

  /** True or false; false if the key is missing. */
  boolean flag(String key) {
    if (!has(key)) {
      return false;
    }
    JsonNode node = node(key);
    if (!node.isBoolean()) {
      throw wrong(key, node, "true or false");
    }
    return node.booleanValue();
  }

  /** The items of an array. */
  List<JsonNode> array(String key) {
    JsonNode node = node(key);
    if (!node.isArray()) {
      throw wrong(key, node, "an array");
    }
    return node.valueStream().toList();
  }

  /** The objects of an array. */
  List<Fields> objects(String key) {
    List<JsonNode> items = array(key);
    return IntStream.range(0, items.size())
        .mapToObj(i -> of(items.get(i), "%s[%d]".formatted(pathOf(key), i)))
        .toList();
  }

  static boolean isHex(JsonNode node) {
    return node.isTextual() && HEX.matcher(node.textValue()).matches();
  }

  /** The number of a node that {@link #isHex}. */
  static long parseHex(JsonNode node) {
    return Long.parseUnsignedLong(node.textValue().substring(2), 16);
  }

  MalformedVector wrong(String key, JsonNode node, String wanted) {
    return new MalformedVector(pathOf(key), "%s is not %s".formatted(shown(node), wanted));
  }

  private static String shown(JsonNode node) {
    String json = node.toString();
    return json.length() <= SHOWN ? json : json.substring(0, SHOWN) + "...";
  }
}
