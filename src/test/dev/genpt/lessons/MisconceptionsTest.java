package dev.genpt.lessons;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genpt.lesson.Quiz;
import dev.genpt.lessons.Notebook.Cell;
import dev.genpt.project.Checkout;
import dev.genpt.show.Question;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The misconceptions are data; lessons that exist treat those that are theirs, with a question. */
final class MisconceptionsTest {
  private static final List<String> TEXTS = List.of("id", "sentence", "why", "treatment");

  private static List<JsonNode> misconceptions() throws IOException {
    JsonNode file =
        new ObjectMapper()
            .readTree(Checkout.root().resolve("datasets/misconceptions.json").toFile());
    return StreamSupport.stream(file.path("misconceptions").spliterator(), false).toList();
  }

  private static List<String> ids() throws IOException {
    return misconceptions().stream().map(each -> each.path("id").asText()).toList();
  }

  @Test
  void eachHasAnIdOfItsOwnAndAllOfItsTexts() throws IOException {
    assertEquals(ids().size(), new TreeSet<>(ids()).size());
    for (JsonNode misconception : misconceptions()) {
      for (String text : TEXTS) {
        assertFalse(misconception.path(text).asText().isBlank(), text + " of " + misconception);
      }
      assertFalse(misconception.path("lessons").isEmpty(), "lessons of " + misconception);
      for (JsonNode lesson : misconception.path("lessons")) {
        assertTrue(lesson.asText().matches("\\d\\d"), lesson.toString());
      }
    }
  }

  @Test
  void everyLessonTreatsWhatIsAssignedToIt() throws IOException {
    for (Notebook lesson : Notebook.lessons()) {
      List<String> assigned =
          misconceptions().stream()
              .filter(each ->
                  StreamSupport.stream(each.path("lessons").spliterator(), false)
                      .anyMatch(number -> number.asText().equals(lesson.number())))
              .map(each -> each.path("id").asText())
              .sorted()
              .toList();
      List<String> treated =
          lesson.cells().stream().flatMap(cell -> cell.treats().stream()).sorted().toList();
      assertEquals(assigned, treated, lesson.name());
    }
  }

  @Test
  void aCellThatTreatsOneAsksItsQuestion() throws IOException {
    for (Notebook lesson : Notebook.lessons()) {
      for (Cell cell : lesson.cells()) {
        for (String id : cell.treats()) {
          assertTrue(cell.source().contains("Quiz.ask(\"%s\"".formatted(id)), cell.place());
        }
      }
    }
  }

  @Test
  void everyQuestionIsAboutOneOfThem() throws IOException {
    List<String> ids = ids();
    List<String> asked = Quiz.questions().stream().map(Question::misconception).toList();
    assertAll(
        () -> assertTrue(ids.containsAll(asked), asked.toString()),
        () -> assertEquals(asked.size(), new TreeSet<>(asked).size(), asked.toString()));
  }

  @Test
  void theRightAnswerIsNotAlwaysAtTheSamePlace() {
    long places =
        Quiz.questions().stream()
            .map(question -> question.choices().stream().map(Question.Choice::isRight).toList())
            .distinct()
            .count();
    assertTrue(places > 1);
  }
}
