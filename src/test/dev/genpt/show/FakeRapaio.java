package dev.genpt.show;

import java.util.ArrayList;
import java.util.List;

/** The statics of rapaio's kernel. Public, as they are. */
public final class FakeRapaio {
  /** What was sent: MIME type, blank, content. */
  static final List<String> SENT = new ArrayList<>();

  private FakeRapaio() {}

  /** Sends a content; answers an identifier. */
  public static String display(String mimeType, Object content) {
    SENT.add(mimeType + " " + content);
    return "7e57";
  }
}
