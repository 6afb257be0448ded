package dev.genpt.lesson;

import dev.genpt.show.Check;
import dev.genpt.show.Question;
import java.util.List;

/** The questions of all lessons, one a misconception. */
public final class Quiz {
  private Quiz() {}

  /** All of them, in the order of the lessons. */
  public static List<Question> questions() {
    return TreeQuestions.ALL;
  }

  /**
   * Shows the question of a misconception, and what the reader's answer is worth.
   *
   * @param misconception its identifier in {@code datasets/misconceptions.json}
   * @param answer the number of the reader's choice, 0 for none yet
   */
  public static void ask(String misconception, int answer) {
    questions().stream()
        .filter(question -> question.misconception().equals(misconception))
        .findFirst()
        .ifPresentOrElse(
            question -> Check.choice(question, answer),
            () -> Check.open("There is no question \"%s\".".formatted(misconception)));
  }
}
