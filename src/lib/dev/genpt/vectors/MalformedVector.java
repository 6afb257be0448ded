package dev.genpt.vectors;

import java.io.Serial;

/** A scenario that does not have the form; the message names the key and what is wrong there. */
final class MalformedVector extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  MalformedVector(String key, String problem) {
    super(key + ": " + problem);
  }
}
