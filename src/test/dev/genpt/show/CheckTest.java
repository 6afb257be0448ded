package dev.genpt.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.lesson.Quiz;
import dev.genpt.show.Question.Choice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers are judged in a sentence, and none of them throws. */
final class CheckTest {
  private static final Question QUESTION =
      new Question(
          "one-map",
          "Which?",
          List.of(Choice.wrong("this", "It is not."), Choice.right("that", "It is.")));

  private static String verdict(int answer) {
    return Printed.by(() -> Check.choice(QUESTION, answer)).lines().toList().getLast();
  }

  @Test
  void aNumberIsComparedAndExplained() {
    assertEquals(
        "✓ Right. 3 tables. One a level.\n",
        Printed.by(() -> Check.same("tables", 3, 3, "One a level.")));
    assertEquals(
        "✗ Not so. You said 4 tables; it is 3. One a level.\n",
        Printed.by(() -> Check.same("tables", 4, 3, "One a level.")));
  }

  @Test
  void zeroIsNoAnswerYet() {
    assertTrue(
        Printed.by(() -> Check.same("tables", 0, 3, "One a level.")).startsWith("Your turn. "));
  }

  @Test
  void aConditionHasASentenceEachWay() {
    assertEquals("✓ Yes it is.\n", Printed.by(() -> Check.that(true, "Yes it is.", "No.")));
    assertEquals("✗ No.\n", Printed.by(() -> Check.that(false, "Yes it is.", "No.")));
  }

  @Test
  void aChoiceIsJudgedWithItsReason() {
    assertEquals("✗ Not so. It is not.", verdict(1));
    assertEquals("✓ Right. It is.", verdict(2));
  }

  @Test
  void anyOtherNumberAsksForOneOfTheAnswers() {
    for (int answer : new int[] {0, -1, 3, Integer.MAX_VALUE}) {
      assertEquals(
          "Your turn. Put the number of your answer, 1 to 2, in place of %d, and run the cell again."
              .formatted(answer),
          verdict(answer));
    }
  }

  @Test
  void theChosenAnswerStandsOut() {
    assertTrue(QUESTION.html(2).contains("<li style=\"font-weight:600\">that</li>"));
    assertTrue(QUESTION.html(0).contains("<li>this</li><li>that</li>"));
  }

  @Test
  void aQuestionHasOneRightAnswer() {
    List<Choice> none = List.of(Choice.wrong("this", "No."));
    assertThrows(IllegalArgumentException.class, () -> new Question("id", "Which?", none));
  }

  @Test
  void anUnknownQuestionIsASentence() {
    assertEquals(
        "Your turn. There is no question \"no-such\".\n", Printed.by(() -> Quiz.ask("no-such", 1)));
  }
}
