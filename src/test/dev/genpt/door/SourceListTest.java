package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.genpt.project.Checkout;
import dev.genpt.project.SourceList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The generated lists of sources match the folders. */
final class SourceListTest {
  static List<String> paths() {
    return SourceList.all().stream().map(SourceList::path).toList();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void theListNamesEverySourceOfItsFolder(String path) throws IOException {
    Path root = Checkout.root();
    SourceList list =
        SourceList.all().stream().filter(any -> any.path().equals(path)).findFirst().orElseThrow();
    assertEquals(
        list.expected(root),
        Files.readString(root.resolve(path)),
        path + " is out of date: run ./jbang test --write-sources");
  }
}
