package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.format.Formats;
import dev.genpt.inspect.ByteSize;
import dev.genpt.inspect.FormatSheet;
import dev.genpt.project.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What README and the other pages say is so. */
final class ReadmeTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  @TempDir private Path folder;

  static List<Catalog.Alias> aliases() throws IOException {
    return Catalog.aliases();
  }

  @ParameterizedTest
  @MethodSource("aliases")
  void everyAliasIsExplained(Catalog.Alias alias) throws IOException {
    String readme = Files.readString(Checkout.root().resolve("README.md"));
    assertTrue(readme.contains("| `./jbang " + alias.name() + "` |"), alias.name());
  }

  @Test
  void theFormatsAreThoseOfTheEngine() throws IOException {
    String table =
        Formats.all().stream()
            .map(FormatSheet::of)
            .map(sheet ->
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        sheet.definition().name(),
                        sheet.definition().title(),
                        sheet.definition().hardware().walker(),
                        ByteSize.ofBitmap(sheet.pageSizes())))
            .collect(Collectors.joining("", "|---|---|---|---|\n", "\n"));
    assertTrue(
        Files.readString(Checkout.root().resolve("README.md")).contains(table),
        () -> "README.md must have this table:\n" + table);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "CONTRIBUTING.md",
        "notebooks/README.md",
        "datasets/benchmarks/README.md",
        "datasets/vectors/README.md",
        "datasets/snapshots/README.md",
        "datasets/traces/README.md"
      })
  void everyLinkLeadsToAFile(String page) throws IOException {
    Path file = Checkout.root().resolve(page);
    List<String> dead =
        LINK.matcher(Files.readString(file))
            .results()
            .map(link -> link.group(1))
            .filter(link -> !Files.exists(file.resolveSibling(link)))
            .toList();
    assertEquals(List.of(), dead);
  }

  @Test
  void thePictureIsWhatItsCommandDraws() throws IOException, InterruptedException {
    Path drawn = folder.resolve("walk.svg");
    Command walk =
        Command.wrapper(
            folder, Map.of(), "walk", "--iova", "0x40201234", "--svg", drawn.toString());
    assertEquals(0, walk.status(), walk.toString());
    assertEquals(
        Files.readString(Checkout.root().resolve("notebooks/pictures/walk.svg")),
        Files.readString(drawn));
  }
}
