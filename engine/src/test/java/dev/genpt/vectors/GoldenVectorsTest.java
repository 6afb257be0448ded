package dev.genpt.vectors;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.format.Formats;
import dev.genpt.json.JsonFile;
import dev.genpt.project.Checkout;
import dev.genpt.table.FormatDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario that was recorded of a format that there is an engine for, new or old. */
final class GoldenVectorsTest {
  static Stream<String> formats() {
    return Stream.concat(
        Formats.all().stream().map(FormatDefinition::name), LegacyConfig.formats().stream());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyScenarioPasses(String format) throws Exception {
    Path data = Checkout.root().resolve("datasets/vectors");
    List<ScenarioResult> results =
        JsonFile.in(data).stream()
            .map(file -> FileReplay.of(file, Optional.of(format)))
            .flatMap(replay -> replay.results().stream())
            .toList();
    List<ScenarioResult> others =
        results.stream().filter(result -> !(result instanceof ScenarioResult.Passed)).toList();
    assertAll(
        () -> assertTrue(results.size() >= 44, results.size() + " scenarios"),
        () -> assertEquals(List.of(), others));
  }
}
