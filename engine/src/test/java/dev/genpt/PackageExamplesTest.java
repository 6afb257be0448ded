package dev.genpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The example on every package's page runs, and what its comments promise comes out. */
final class PackageExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/genpt");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\}</pre>", Pattern.DOTALL);
  private static final Pattern PROMISE =
      Pattern.compile("; *// (?:0x([0-9a-f]+)|(true|false))(?=$|[ :])");

  /** What the examples take for granted: the domain of the iommu package's example. */
  private static final String SETTING =
      """
      PageTable pageTable;
      IommuDomain domain;
      long iova = 0x40201234L;
      domain = IommuDomain.create(
          DomainConfig.of(Amdv1.DEFINITION, new PageAllocator(PhysicalMemory.ofMebibytes(64)))
              .features(Amdv1.DEFINITION.forcedFeatures()).topLevel(2));
      domain.map(0x40201000L, 0x12345000L, 0x1000L, Protection.READ_WRITE);
      pageTable = domain.pageTable();
      """;

  static List<String> packages() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.endsWith("package-info.java"))
          .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("packages")
  void theExampleRuns(String name) throws IOException {
    String page =
        Files.readString(SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java"));
    Matcher example = EXAMPLE.matcher(page);
    assertTrue(example.find(), "the page of " + name + " has an example");
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(System.getProperty("java.class.path"));
      run(shell, imports());
      run(shell, SETTING);
      run(
          shell,
          example
              .group(1)
              .lines()
              .map(line -> line.replaceFirst("^ \\* ?", ""))
              .collect(Collectors.joining("\n")));
    }
  }

  private static String imports() throws IOException {
    return packages().stream()
        .map(name -> "import dev.genpt." + name + ".*;\n")
        .collect(Collectors.joining());
  }

  /** Evaluates statement by statement; a promise is a comment behind one. */
  private static void run(JShell shell, String code) {
    String rest = code;
    while (!rest.isBlank()) {
      CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      String source = info.source();
      assertNotNull(source, rest);
      String following = info.remaining();
      String line = source.strip() + following.lines().findFirst().orElse("");
      for (SnippetEvent event : shell.eval(source)) {
        if (event.causeSnippet() != null) {
          continue; // an earlier declaration of the same name
        }
        assertEquals(
            Snippet.Status.VALID, event.status(), () -> source + diagnostics(shell, event));
        assertEquals(null, event.exception(), source);
        PROMISE
            .matcher(line)
            .results()
            .findFirst()
            .ifPresent(promise -> check(promise, event, source));
      }
      rest = following;
    }
  }

  private static void check(MatchResult promise, SnippetEvent event, String source) {
    String expected =
        promise.group(2) != null
            ? promise.group(2)
            : "" + Long.parseUnsignedLong(promise.group(1), 16);
    assertEquals(expected, event.value(), source);
  }

  private static String diagnostics(JShell shell, SnippetEvent event) {
    String all =
        shell
            .diagnostics(event.snippet())
            .map(problem -> problem.getMessage(null))
            .collect(Collectors.joining("\n", "\n", ""));
    assertFalse(all.isEmpty());
    return all;
  }
}
