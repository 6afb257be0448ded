package dev.genpt.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose values are asked for by key and kind. Every method throws {@link
 * MalformedJson} for a key that is missing and a value of another kind, and names it by its path.
 * Immutable; any thread may use it.
 */
public final class Fields {
  private static final Pattern HEX = Pattern.compile("0[xX]0*[0-9a-fA-F]{1,16}");
  private static final Pattern DIGITS = Pattern.compile("0*[0-9a-fA-F]{1,16}");
  private static final String DIGITS_FORM =
      "a hexadecimal number of up to 64 bits without 0x, such as \"1000\"";
  private static final int SHOWN = 60;

  private final JsonNode object;
  private final String path;

  private Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /**
   * The object that is all of the data.
   *
   * @param name what the data is, for messages
   * @throws MalformedJson if it is no object
   */
  public static Fields root(JsonNode node, String name) {
    return new Fields(of(node, name).object, "");
  }

  /**
   * The object at {@code path}.
   *
   * @throws MalformedJson if it is none
   */
  public static Fields of(JsonNode node, String path) {
    if (!node.isObject()) {
      throw new MalformedJson(path, shown(node) + " is no object");
    }
    return new Fields(node, path);
  }

  /** Where the object stands, for messages; empty for all of the data. */
  public String path() {
    return path;
  }

  /** Where {@code key} stands, for messages. */
  public String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Whether the key is there. */
  public boolean has(String key) {
    return object.has(key);
  }

  /** The keys that are there. */
  public Collection<String> keys() {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  /** Refuses every key but these. */
  public Fields only(String... known) {
    Set<String> others = new HashSet<>(keys());
    Arrays.asList(known).forEach(others::remove);
    if (!others.isEmpty()) {
      throw new MalformedJson(
          pathOf(others.stream().sorted().findFirst().orElseThrow()),
          "this key is not known here; there are " + String.join(", ", known));
    }
    return this;
  }

  /** The value of a key, whatever it is. */
  public JsonNode node(String key) {
    @Nullable JsonNode node = object.get(key);
    if (node == null) {
      throw new MalformedJson(pathOf(key), "this key is missing");
    }
    return node;
  }

  /** The object of a key. */
  public Fields object(String key) {
    return of(node(key), pathOf(key));
  }

  /** The text of a key. */
  public String text(String key) {
    JsonNode node = node(key);
    if (!node.isTextual()) {
      throw wrong(key, node, "a text");
    }
    return node.textValue();
  }

  /** An unsigned 64-bit number in hexadecimal, with 0x. */
  public long hex(String key) {
    JsonNode node = node(key);
    if (!isHex(node)) {
      throw wrong(key, node, "a hexadecimal number of up to 64 bits, such as \"0x1000\"");
    }
    return parseHex(node);
  }

  /** An unsigned 64-bit number in hexadecimal digits alone, without 0x. */
  public long digits(String key) {
    JsonNode node = node(key);
    if (!node.isTextual()) {
      throw wrong(key, node, DIGITS_FORM);
    }
    return parseDigits(key, node.textValue());
  }

  /**
   * As {@link #digits}, of a part of the value of {@code key}.
   *
   * @throws MalformedJson if {@code text} is no such number
   */
  public long parseDigits(String key, String text) {
    if (!DIGITS.matcher(text).matches()) {
      throw new MalformedJson(pathOf(key), "\"%s\" is not %s".formatted(text, DIGITS_FORM));
    }
    return Long.parseUnsignedLong(text, 16);
  }

  /** A small number, 0 or more. */
  public int count(String key) {
    JsonNode node = node(key);
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw wrong(key, node, "a whole number, 0 or more");
    }
    return node.intValue();
  }

  /** As {@link #count}; empty if the key is missing. */
  public OptionalInt countIfAny(String key) {
    return has(key) ? OptionalInt.of(count(key)) : OptionalInt.empty();
  }

  /** True or false; false if the key is missing. */
  public boolean flag(String key) {
    return has(key) && truth(key);
  }

  /** True or false. */
  public boolean truth(String key) {
    JsonNode node = node(key);
    if (!node.isBoolean()) {
      throw wrong(key, node, "true or false");
    }
    return node.booleanValue();
  }

  /** The items of an array. */
  public List<JsonNode> array(String key) {
    JsonNode node = node(key);
    if (!node.isArray()) {
      throw wrong(key, node, "an array");
    }
    return node.valueStream().toList();
  }

  /** The objects of an array. */
  public List<Fields> objects(String key) {
    List<JsonNode> items = array(key);
    return IntStream.range(0, items.size())
        .mapToObj(i -> of(items.get(i), "%s[%d]".formatted(pathOf(key), i)))
        .toList();
  }

  /** Whether a node is what {@link #hex} takes. */
  public static boolean isHex(JsonNode node) {
    return node.isTextual() && HEX.matcher(node.textValue()).matches();
  }

  /** The number of a node that {@link #isHex}. */
  public static long parseHex(JsonNode node) {
    return Long.parseUnsignedLong(node.textValue().substring(2), 16);
  }

  /** What to say of a key whose value is not what is wanted. */
  public MalformedJson wrong(String key, JsonNode node, String wanted) {
    return new MalformedJson(pathOf(key), "%s is not %s".formatted(shown(node), wanted));
  }

  private static String shown(JsonNode node) {
    String json = node.toString();
    return json.length() <= SHOWN ? json : json.substring(0, SHOWN) + "...";
  }
}
