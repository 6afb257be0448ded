package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.project.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every alias of the catalog owes its user, wherever that user stands. */
final class AliasTest {
  @TempDir private Path elsewhere;

  static List<Catalog.Alias> aliases() throws IOException {
    return Catalog.aliases();
  }

  @ParameterizedTest
  @MethodSource("aliases")
  void theScriptIsThereAndDescribed(Catalog.Alias alias) {
    assertAll(
        () -> assertTrue(Files.isRegularFile(Checkout.root().resolve(alias.script()))),
        () -> assertFalse(alias.description().isBlank()));
  }

  @ParameterizedTest
  @MethodSource("aliases")
  void helpShowsTwoExamples(Catalog.Alias alias) throws IOException, InterruptedException {
    Command help = Command.wrapper(elsewhere, Map.of(), alias.name(), "--help");
    long examples =
        help.out()
            .lines()
            .dropWhile(line -> !line.startsWith("Examples:"))
            .filter(line -> line.matches("\\s+(?:\\./jbang .*)?\\b" + alias.name() + "\\b.*"))
            .count();
    assertAll(
        help.toString(),
        () -> assertEquals(0, help.status()),
        () -> assertTrue(examples >= 2, "two examples"));
  }

  @ParameterizedTest
  @MethodSource("aliases")
  void anUnknownOptionIsNamedAndEndsInStatusTwo(Catalog.Alias alias)
      throws IOException, InterruptedException {
    Command wrong = Command.wrapper(elsewhere, Map.of(), alias.name(), "--no-such-option");
    assertAll(
        wrong.toString(),
        () -> assertEquals(2, wrong.status()),
        () -> assertTrue(wrong.err().contains("--no-such-option")),
        () -> assertEquals("", wrong.out()));
  }

  @Test
  void theWindowsWrapperKnowsTheAliases() throws IOException {
    List<String> names = aliases().stream().map(Catalog.Alias::name).toList();
    String wrapper = Files.readString(Checkout.root().resolve("jbang.cmd"));
    assertTrue(wrapper.contains("in (" + String.join(" ", names) + ")"), names.toString());
  }
}
