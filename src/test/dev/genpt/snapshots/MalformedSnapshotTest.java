package dev.genpt.snapshots;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An image that does not have the form fails as a whole, and the key and its value are named. */
final class MalformedSnapshotTest {
  @TempDir private Path folder;

  /** A change of {@link HandMade#IMAGE} and what must be said of it. */
  record Change(Consumer<Image> change, String message) {
    @Override
    public String toString() {
      return message;
    }
  }

  private static Change change(String key, int row, Consumer<ObjectNode> change, String message) {
    return new Change(image -> change.accept(image.row(key, row)), message);
  }

  static List<Change> changes() {
    return List.of(
        new Change(image -> image.json().remove("roots"), "roots: this key is missing"),
        new Change(image -> image.json().remove("regions"), "regions: this key is missing"),
        new Change(image -> image.json().remove("expect"), "expect: this key is missing"),
        new Change(image -> image.json().remove("faults"), "faults: this key is missing"),
        new Change(image -> image.json().put("expect", 7), "expect: 7 is not an array"),
        new Change(image -> image.rows("regions").removeAll(), "regions: [] holds no page"),
        new Change(image -> image.rows("roots").add(5), "roots[1]: 5 is no object"),
        new Change(
            image -> image.rows("roots").add(image.row("roots", 0).deepCopy()),
            "roots[1].device: \"00:01.0\" has a row already, roots[0]"),
        change("roots", 0, root -> root.remove("device"), "roots[0].device: this key is missing"),
        change("roots", 0, root -> root.remove("format"), "roots[0].format: this key is missing"),
        change(
            "roots",
            0,
            root -> root.put("top_pa", "0x1000"),
            "roots[0].top_pa: \"0x1000\" is not a hexadecimal number of up to 64 bits without 0x,"
                + " such as \"1000\""),
        change(
            "roots",
            0,
            root -> root.put("top_level", "3"),
            "roots[0].top_level: \"3\" is not a whole number, 0 or more"),
        change(
            "roots",
            0,
            root -> root.remove(List.of("top_level", "levels")),
            "roots[0].top_level: this key is missing"),
        change(
            "roots",
            0,
            root -> root.put("shares_table_with", "00:02.0"),
            "roots[0].shares_table_with: \"00:02.0\" has no row in roots"),
        change("roots", 0, root -> root.putArray("dte").add("1"), "registers: this key is missing"),
        new Change(
            image -> image.json().putObject("registers").put("DeviceTableBase", "g"),
            "registers.DeviceTableBase: \"g\" is not a hexadecimal number of up to 64 bits without"
                + " 0x, such as \"1000\""),
        change(
            "regions",
            1,
            region -> region.put("pa", "2800"),
            "regions[1].pa: \"2800\" is not a multiple of 4 KiB below 2^52"),
        change(
            "regions",
            1,
            region -> region.put("pa", "10000000000000"),
            "regions[1].pa: \"10000000000000\" is not a multiple of 4 KiB below 2^52"),
        change(
            "regions",
            1,
            region -> region.put("pa", "1000"),
            "regions[1].pa: \"1000\" overlaps regions[0]"),
        change(
            "regions",
            1,
            region -> region.putArray("words").add("0*511"),
            "regions[1].words: they are 511 words, a page has 512"),
        change(
            "regions",
            1,
            region -> region.putArray("words").add("0*510").add("z").add("0"),
            "regions[1].words[1]: \"z\" is not a hexadecimal number of up to 64 bits without 0x,"
                + " such as \"1000\""),
        change(
            "regions",
            1,
            region -> region.putArray("words").add("0*1f"),
            "regions[1].words[0]: \"0*1f\" is not a word and how often it stands there, such as"
                + " \"0*502\""),
        change(
            "regions",
            1,
            region -> region.putArray("words").add(0),
            "regions[1].words[0]: 0 is not a text"),
        change("expect", 0, row -> row.remove("pa"), "expect[0].pa: this key is missing"),
        change("expect", 0, row -> row.remove("read"), "expect[0].read: this key is missing"),
        change(
            "expect",
            0,
            row -> row.put("write", "yes"),
            "expect[0].write: \"yes\" is not true or false"),
        change(
            "expect", 0, row -> row.put("size_lg2", 64), "expect[0].size_lg2: 64 is not below 64"),
        change(
            "expect",
            0,
            row -> row.put("device", "00:09.0"),
            "expect[0].device: \"00:09.0\" has no row in roots"),
        change(
            "faults",
            0,
            row -> row.put("iova", "11112222333344445"),
            "faults[0].iova: \"11112222333344445\" is not a hexadecimal number of up to 64 bits"
                + " without 0x, such as \"1000\""),
        change(
            "faults",
            0,
            row -> row.put("access", "fetch"),
            "faults[0].access: \"fetch\" is not \"read\" or \"write\""));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void theKeyIsNamed(Change change) throws IOException {
    Image image = Image.ofText(HandMade.IMAGE);
    change.change().accept(image);
    assertEquals(
        List.of(new RootResult.Refused("image.json", change.message())), image.check(folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"a\":", "{} {}", "{\"a\": 1, \"a\": 2}", "[]", "null"})
  void whatIsNoJsonObjectIsRefused(String text) throws IOException {
    List<RootResult> results = Image.check(folder, text);
    assertAll(
        () -> assertEquals(1, results.size()),
        () -> assertTrue(results.getFirst().line().contains("image.json"), results.toString()),
        () -> assertEquals(1, results.getFirst().problems().size()));
  }

  @Test
  void anImageThatDoesNotFitIntoMemoryIsRefused() throws IOException {
    Image image = Image.ofText(HandMade.IMAGE);
    long banks = Runtime.getRuntime().maxMemory() >> 21;
    for (long bank = 1; bank <= banks; bank++) {
      image
          .rows("regions")
          .addObject()
          .put("pa", Long.toHexString(bank << 21))
          .putArray("words")
          .add("0*512");
    }
    List<String> problems = image.problems(folder);
    assertAll(
        () -> assertEquals(1, problems.size()),
        () ->
            assertTrue(
                problems.getFirst().startsWith("regions: they are so far apart"),
                problems.toString()));
  }
}
