package dev.genpt.snapshots;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.format.Formats;
import dev.genpt.json.JsonFile;
import dev.genpt.project.Checkout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every table of the data set, as kernels left it. */
final class SnapshotsTest {
  private static List<RootResult> results(Optional<String> format) throws IOException {
    List<RootResult> results = new ArrayList<>();
    for (JsonFile file : JsonFile.in(Checkout.root().resolve("datasets/snapshots"))) {
      SnapshotCheck.read(file).run(format, results::add);
    }
    return results;
  }

  @Test
  void everyTableHoldsWhatIsKnownOfIt() throws IOException {
    List<RootResult> results = results(Optional.empty());
    long mappings =
        results.stream()
            .filter(RootResult.Checked.class::isInstance)
            .mapToLong(result -> ((RootResult.Checked) result).mappings())
            .sum();
    List<String> lackingFormats =
        results.stream()
            .filter(RootResult.Skipped.class::isInstance)
            .map(result -> ((RootResult.Skipped) result).format())
            .filter(format -> Formats.find(format).isPresent())
            .toList();
    assertAll(
        () -> assertEquals(36, results.size()),
        () ->
            assertEquals(
                List.of(),
                results.stream().filter(result -> !result.problems().isEmpty()).toList()),
        () -> assertEquals(List.of(), lackingFormats),
        () -> assertEquals(20334, mappings));
  }

  @Test
  void oneFormatAlone() throws IOException {
    List<String> names =
        results(Optional.of("vtdss")).stream().map(RootResult::name).limit(2).toList();
    assertAll(
        () -> assertEquals(List.of("vtdss-a.json 00:00.0", "vtdss-a.json 00:03.0"), names),
        () -> assertEquals(7, results(Optional.of("vtdss")).size()));
  }
}
