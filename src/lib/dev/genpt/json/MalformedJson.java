package dev.genpt.json;

import java.io.Serial;

/** Data that does not have the form; the message names the key and what is wrong there. */
public final class MalformedJson extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * What is wrong.
   *
   * @param key the path of the key, or the place in the file
   * @param problem what is wrong there, with the value
   */
  public MalformedJson(String key, String problem) {
    super(key + ": " + problem);
  }
}
