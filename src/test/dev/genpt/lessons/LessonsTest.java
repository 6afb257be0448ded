package dev.genpt.lessons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every lesson keeps to the rules. */
final class LessonsTest {
  private static final int SHORTEST_NAME = 4;

  /** Names that say nothing about a machine. */
  private static final Set<String> COMMON = Set.of("root", "user", "java", "localhost", "debian");

  static List<Notebook> lessons() throws IOException {
    return Notebook.lessons();
  }

  @Test
  void thereAreLessons() throws IOException {
    assertTrue(lessons().size() >= 2);
  }

  @ParameterizedTest
  @MethodSource("lessons")
  void theLessonKeepsToTheRules(Notebook lesson) throws IOException {
    assertEquals(List.of(), Lint.problems(lesson, privateNames()));
  }

  @ParameterizedTest
  @MethodSource("lessons")
  void theTitleHasTheNumberOfTheFile(Notebook lesson) {
    assertTrue(lesson.cells().getFirst().source().startsWith("# " + lesson.number() + " "));
  }

  private static Set<String> privateNames() throws IOException {
    return Stream.of(System.getProperty("user.name"), InetAddress.getLocalHost().getHostName())
        .filter(name -> name.length() >= SHORTEST_NAME && !COMMON.contains(name))
        .collect(Collectors.toSet());
  }
}
