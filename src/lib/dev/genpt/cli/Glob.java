package dev.genpt.cli;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names by a pattern in which {@code *} stands for any characters and {@code ?} for one. */
public final class Glob {
  private Glob() {}

  /** Whether a whole name is as {@code glob} says. */
  public static Predicate<String> matching(String glob) {
    return Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"))
        .asMatchPredicate();
  }
}
