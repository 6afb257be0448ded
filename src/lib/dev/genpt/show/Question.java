package dev.genpt.show;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A question with numbered answers, one of them right: which, and what follows.
 *
 * @param misconception the identifier, in {@code datasets/misconceptions.json}, of what the wrong
 *     answers believe
 * @param text the question
 * @param choices the answers; the reader counts them from 1
 */
public record Question(String misconception, String text, List<Choice> choices) {
  /**
   * An answer.
   *
   * @param text the answer
   * @param isRight whether it is right
   * @param because why it is right or wrong
   */
  public record Choice(String text, boolean isRight, String because) {
    /** The right answer. */
    public static Choice right(String text, String because) {
      return new Choice(text, true, because);
    }

    /** A wrong answer. */
    public static Choice wrong(String text, String because) {
      return new Choice(text, false, because);
    }
  }

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException unless exactly one answer is right
   */
  public Question {
    choices = List.copyOf(choices);
    if (choices.stream().filter(Choice::isRight).count() != 1) {
      throw new IllegalArgumentException(misconception + ": exactly one answer must be right");
    }
  }

  /** The question and its answers as text. */
  String plain() {
    var plain = new StringBuilder(text).append('\n');
    IntStream.range(0, choices.size())
        .forEach(i -> plain.append("  %d. %s\n".formatted(i + 1, choices.get(i).text())));
    return plain.toString();
  }

  /** The same as HTML, the chosen answer in bold; 0 for none. */
  String html(int chosen) {
    var html =
        new StringBuilder("<b>%s</b><ol style=\"margin:6px 0\">".formatted(Html.escape(text)));
    IntStream.range(0, choices.size())
        .forEach(i -> {
          String weight = i + 1 == chosen ? " style=\"font-weight:600\"" : "";
          html.append("<li%s>%s</li>".formatted(weight, Html.escape(choices.get(i).text())));
        });
    return html.append("</ol>").toString();
  }
}
