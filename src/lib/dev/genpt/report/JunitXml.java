package dev.genpt.report;

import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Results as the XML that JUnit's runners write and build servers read.
 *
 * <p>A {@code testsuite} a suite; in it a {@code testcase} a run, whose class is suite and case, so
 * that readers show three levels. Characters that XML can't hold become U+FFFD.
 */
public final class JunitXml {
  private static final double NANOS_PER_SECOND = 1e9;

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;

  private JunitXml() throws XMLStreamException {
    xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
  }

  /**
   * All of {@code results} as a document, to be stored as UTF-8.
   *
   * @param name what ran
   */
  public static String text(String name, List<RunResult> results) {
    try {
      JunitXml document = new JunitXml();
      document.write(new ResultGroup(name, results));
      return document.text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing XML to memory", e);
    }
  }

  private void write(ResultGroup all) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    newLine(0);
    xml.writeStartElement("testsuites");
    counts(all);
    for (ResultGroup suite : ResultGroup.suites(all.results())) {
      newLine(1);
      xml.writeStartElement("testsuite");
      counts(suite);
      for (RunResult run : suite.results()) {
        newLine(2);
        testCase(run);
      }
      newLine(1);
      xml.writeEndElement();
    }
    newLine(0);
    xml.writeEndElement();
    newLine(0);
    xml.writeEndDocument();
  }

  private void counts(ResultGroup group) throws XMLStreamException {
    Counts counts = group.counts();
    attribute("name", group.name());
    attribute("tests", String.valueOf(counts.total()));
    attribute("failures", String.valueOf(counts.failed()));
    attribute("errors", "0");
    attribute("skipped", String.valueOf(counts.skipped()));
    attribute("time", seconds(group.time()));
  }

  private void testCase(RunResult run) throws XMLStreamException {
    xml.writeStartElement("testcase");
    attribute("classname", run.suite() + "." + run.testCase());
    attribute("name", run.parameter());
    attribute("time", seconds(run.time()));
    switch (run.verdict()) {
      case PASSED -> {}
      case SKIPPED -> {
        xml.writeEmptyElement("skipped");
        attribute("message", run.reason());
      }
      case FAILED -> {
        xml.writeStartElement("failure");
        attribute("message", firstLine(run.message()));
        attribute("type", "failure");
        xml.writeCharacters(clean(run.explanation()));
        xml.writeEndElement();
      }
    }
    xml.writeEndElement();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, clean(value));
  }

  private void newLine(int level) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(level));
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toNanos() / NANOS_PER_SECOND);
  }

  private static String clean(String value) {
    int[] allowed = value.codePoints().map(point -> isAllowed(point) ? point : '\ufffd').toArray();
    return new String(allowed, 0, allowed.length);
  }

  /** The production Char of XML 1.0. */
  private static boolean isAllowed(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || (point >= 0x20 && point <= 0xd7ff)
        || (point >= 0xe000 && point <= 0xfffd)
        || point >= 0x1_0000;
  }
}
