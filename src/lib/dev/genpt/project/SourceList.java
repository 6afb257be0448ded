package dev.genpt.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A generated file that is nothing but JBang's header lines for every file of one kind in one
 * folder: Java sources, or data that a script carries along.
 *
 * <p>Patterns in {@code //SOURCES} and {@code //FILES} do not resolve when a script comes from an
 * address; explicit lines do, also through such a list.
 */
public final class SourceList {
  /** The lists of the project, by their path in the checkout. */
  private static final List<SourceList> ALL =
      List.of(
          sources(
              "engine/Sources.java",
              "src/main/java",
              List.of("//DEPS org.jspecify:jspecify:1.0.1")),
          dataSources("Vectors", "dev/genpt/vectors"),
          data("datasets/vectors", ".json"),
          dataSources("Snapshots", "dev/genpt/snapshots"),
          data("datasets/snapshots", ".json"),
          chartSources(),
          data("datasets/benchmarks", ".csv"));

  private final String path;
  private final String folder;
  private final String ending;
  private final String line;
  private final List<String> header;

  private SourceList(String path, String folder, String ending, String line, List<String> header) {
    this.path = path;
    this.folder = folder;
    this.ending = ending;
    this.line = line;
    this.header = header;
  }

  /** The sources of a script that reads recorded data. */
  private static SourceList dataSources(String script, String folder) {
    return sources(
        "src/lib/%sSources.java".formatted(script),
        folder,
        List.of(
            "//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4",
            "//SOURCES dev/genpt/cli/Progress.java",
            "//SOURCES dev/genpt/cli/WrongUsage.java",
            "//SOURCES dev/genpt/json/Fields.java",
            "//SOURCES dev/genpt/json/JsonFile.java",
            "//SOURCES dev/genpt/json/MalformedJson.java",
            "//SOURCES dev/genpt/project/Checkout.java",
            "//SOURCES dev/genpt/project/DataFolder.java"));
  }

  /** The sources of a script that draws charts of measured times. */
  private static SourceList chartSources() {
    return sources(
        "src/lib/ChartSources.java",
        "dev/genpt/benchmark",
        List.of(
            "//DEPS org.knowm.xchart:xchart:4.0.3",
            "//DEPS org.slf4j:slf4j-nop:2.0.17",
            "//DEPS tech.tablesaw:tablesaw-core:0.44.4",
            "//SOURCES dev/genpt/cli/WrongUsage.java",
            "//SOURCES dev/genpt/project/Checkout.java",
            "//SOURCES dev/genpt/project/DataFolder.java",
            "//SOURCES dev/genpt/show/Html.java",
            "//SOURCES dev/genpt/show/TableHtml.java"));
  }

  /** The data files of a folder, carried along under the folder's own path. */
  private static SourceList data(String folder, String ending) {
    return new SourceList(
        folder + "/Files.java", "", ending, "//FILES " + folder + "/%1$s=%1$s", List.of());
  }

  private static SourceList sources(String path, String folder, List<String> header) {
    return new SourceList(path, folder, ".java", "//SOURCES %s", header);
  }

  /** The lists of the project. */
  public static List<SourceList> all() {
    return ALL;
  }

  /** The list's path in the checkout, with slashes. */
  public String path() {
    return path;
  }

  /**
   * What the list must say.
   *
   * @param root the checkout
   * @throws IOException if the folder cannot be read
   */
  public String expected(Path root) throws IOException {
    Path base = root.resolve(path).resolveSibling("");
    try (Stream<Path> files = Files.walk(base.resolve(folder))) {
      Stream<String> sources =
          files
              .filter(file -> file.toString().endsWith(ending))
              .filter(file -> !file.endsWith("module-info.java"))
              .map(file -> base.relativize(file).toString().replace('\\', '/'))
              .sorted()
              .map(line::formatted);
      return Stream.concat(header.stream(), sources).collect(Collectors.joining("\n", "", "\n"));
    }
  }

  /**
   * Writes the list.
   *
   * @param root the checkout
   * @return whether the file has changed
   * @throws IOException if the folder cannot be read or the file not written
   */
  public boolean write(Path root) throws IOException {
    Path file = root.resolve(path);
    String text = expected(root);
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return false;
    }
    Files.writeString(file, text);
    return true;
  }
}
