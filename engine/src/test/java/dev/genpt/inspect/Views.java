package dev.genpt.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.util.function.Function;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What every text and every picture owes its reader. */
final class Views {
  private static final int COLUMNS = 100;
  private static final String COLOUR = "\u001b\\[(?:0|1|38;5;(?:32|36|166|169|245))m";

  private Views() {}

  static void check(WalkTrace trace) {
    checkText(view -> view.walk(trace));
    checkText(view -> view.address(AddressSplit.of(trace)));
    checkPicture(SvgView.walk(trace));
    checkPicture(SvgView.address(AddressSplit.of(trace)));
    trace.steps().forEach(step -> check(step.entry()));
    for (int visible = 0; visible <= trace.steps().size(); visible++) {
      checkPicture(SvgView.walk(trace, visible));
    }
  }

  static void check(DecodedEntry entry) {
    checkText(view -> view.entry(entry));
    checkPicture(SvgView.entry(entry));
  }

  static void check(TableTree tree) {
    checkText(view -> view.tree(tree));
    checkPicture(SvgView.tree(tree));
  }

  /** Narrow enough, without escape codes unless asked for, and then the same words. */
  static void checkText(Function<TextView, String> text) {
    String plain = text.apply(TextView.plain());
    String coloured = text.apply(TextView.coloured());
    assertFalse(plain.chars().anyMatch(c -> c < ' ' && c != '\n'), plain);
    assertTrue(plain.endsWith("\n"));
    for (String line : plain.lines().toList()) {
      assertTrue(line.length() <= COLUMNS, line);
      assertEquals(line.stripTrailing(), line);
    }
    assertEquals(plain, coloured.replaceAll(COLOUR, "").replaceAll("(?m) +$", ""));
  }

  /** A complete XML document that names itself and keeps inside its frame; its root element. */
  static Element checkPicture(String svg) {
    Element root = parse(svg);
    assertEquals("svg", root.getTagName());
    assertEquals("img", root.getAttribute("role"));
    assertFalse(root.getElementsByTagName("title").item(0).getTextContent().isBlank());
    assertFalse(root.getElementsByTagName("desc").item(0).getTextContent().isBlank());
    int width = Integer.parseInt(root.getAttribute("width"));
    int height = Integer.parseInt(root.getAttribute("height"));
    NodeList texts = root.getElementsByTagName("text");
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      int y = Integer.parseInt(text.getAttribute("y"));
      assertTrue(y > 0 && y < height, () -> "%s at y %d".formatted(text.getTextContent(), y));
      assertTrue(isInside(text, width), () -> "%s is cut".formatted(text.getTextContent()));
    }
    return root;
  }

  /** True if a text has room to both sides, at half an em a character. */
  private static boolean isInside(Element text, int width) {
    int x = Integer.parseInt(text.getAttribute("x"));
    double length =
        text.getTextContent().length() * 0.5 * Integer.parseInt(text.getAttribute("font-size"));
    double left =
        switch (text.getAttribute("text-anchor")) {
          case "middle" -> x - length / 2;
          case "end" -> x - length;
          default -> x;
        };
    return left >= 0 && left + length <= width;
  }

  private static Element parse(String svg) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)))
          .getDocumentElement();
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new AssertionError(svg, e);
    }
  }
}
