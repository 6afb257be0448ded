package dev.genpt.show;

import dev.genpt.inspect.Palette;
import dev.genpt.inspect.Palette.Tone;

/**
 * The reader's answers, checked: right or not, and why, in one sentence. A wrong answer is no error
 * of the program, so nothing is thrown.
 */
public final class Check {
  /** The tone of a right answer: the colour of text. */
  private static final Tone RIGHT = new Tone("#1c1c1c", "#ffffff", "#1c1c1c", 16);

  private static final String YES = "✓ Right.";
  private static final String NO = "✗ Not so.";

  private Check() {}

  /**
   * A number that the reader foretold.
   *
   * @param what it counts: the sentence says "you said 3 tables"
   * @param guess the reader's, 0 for none yet
   * @param actual the right one
   * @param because why, a sentence
   */
  public static void same(String what, long guess, long actual, String because) {
    if (guess == 0) {
      open("Put your own number in place of 0, and run the cell again.");
    } else if (guess == actual) {
      right("%d %s. %s".formatted(actual, what, because));
    } else {
      wrong("You said %d %s; it is %d. %s".formatted(guess, what, actual, because));
    }
  }

  /**
   * Whether something is as it must be.
   *
   * @param so whether it is
   * @param yes the sentence if so
   * @param no the sentence if not
   */
  public static void that(boolean so, String yes, String no) {
    if (so) {
      say(RIGHT, "✓", yes);
    } else {
      say(Palette.FLAW, "✗", no);
    }
  }

  /**
   * A question answered.
   *
   * @param answer the number of the reader's choice, 0 for none yet
   */
  public static void choice(Question question, int answer) {
    int last = question.choices().size();
    if (answer < 1 || answer > last) {
      String hint =
          "Put the number of your answer, 1 to %d, in place of %d, and run the cell again."
              .formatted(last, answer);
      say(Palette.PLAIN, question, 0, "Your turn.", hint);
      return;
    }
    Question.Choice choice = question.choices().get(answer - 1);
    say(
        choice.isRight() ? RIGHT : Palette.FLAW,
        question,
        answer,
        choice.isRight() ? YES : NO,
        choice.because());
  }

  /** No answer yet. */
  public static void open(String sentence) {
    say(Palette.PLAIN, "Your turn.", sentence);
  }

  /** A right answer. */
  public static void right(String sentence) {
    say(RIGHT, YES, sentence);
  }

  /** A wrong answer. */
  public static void wrong(String sentence) {
    say(Palette.FLAW, NO, sentence);
  }

  private static void say(Tone tone, String verdict, String sentence) {
    Show.html(Html.note(tone, html(tone, verdict, sentence)), verdict + " " + sentence);
  }

  private static void say(
      Tone tone, Question question, int answer, String verdict, String sentence) {
    Show.html(
        Html.note(tone, question.html(answer) + html(tone, verdict, sentence)),
        question.plain() + verdict + " " + sentence);
  }

  private static String html(Tone tone, String verdict, String sentence) {
    return "<b style=\"color:%s\">%s</b> %s".formatted(tone.ink(), verdict, Html.escape(sentence));
  }
}
