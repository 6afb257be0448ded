package dev.genpt.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The XML of build servers, by what a parser makes of it. */
final class JunitXmlTest {
  @Test
  void suitesAndTheirRunsAreCounted() throws Exception {
    Element root = parse(Samples.ALL);
    List<Element> suites = children(root, "testsuite");
    assertAll(
        () -> assertEquals("testsuites", root.getTagName()),
        () -> assertEquals(List.of("7", "1", "0", "3"), counts(root)),
        () -> assertEquals(List.of("4", "1", "0", "0"), counts(suites.get(0))),
        () -> assertEquals(List.of("3", "0", "0", "3"), counts(suites.get(1))),
        () -> assertEquals(4, children(suites.get(0), "testcase").size()),
        () -> assertEquals("1.249", suites.get(0).getAttribute("time")));
  }

  @Test
  void aRunIsNamedBySuiteCaseAndParameter() throws Exception {
    Element run = children(parse(Samples.ALL), "testcase").get(1);
    assertAll(
        () -> assertEquals("first_test.test_ok", run.getAttribute("classname")),
        () -> assertEquals("cfg_1", run.getAttribute("name")),
        () -> assertEquals("0.005", run.getAttribute("time")),
        () -> assertEquals(0, run.getElementsByTagName("*").getLength()));
  }

  @Test
  void aFailureHasItsWholeMessageWithoutCharactersThatXmlLacks() throws Exception {
    Element failure = children(parse(Samples.ALL), "failure").get(0);
    String text = failure.getTextContent();
    assertAll(
        () -> assertEquals("expected #1 <0x10> & got \"0x20\"", failure.getAttribute("message")),
        () -> assertEquals("failure", failure.getAttribute("type")),
        () -> assertTrue(text.startsWith("expected #1 <0x10> & got \"0x20\"\nSubtest"), text),
        () -> assertTrue(text.contains("bell \ufffd, escape \ufffd[1m, null \ufffd\n"), text),
        () -> assertTrue(text.contains("at EntryCases.check (EntryCases.java:12)\n"), text));
  }

  @Test
  void aSkippedRunSaysWhy() throws Exception {
    List<Element> skipped = children(parse(Samples.ALL), "skipped");
    assertEquals(
        List.of("it does not apply", "it does not apply", "bug #12 # SKIP of old"),
        skipped.stream().map(each -> each.getAttribute("message")).toList());
  }

  @Test
  void textOutsideOfTheBasicPlaneStays() throws Exception {
    RunResult odd = Samples.PASSED.failed("\ud83d\ude00 ]]> \ud83d alone", "");
    Element failure = children(parse(List.of(odd)), "failure").get(0);
    assertEquals("\ud83d\ude00 ]]> \ufffd alone", failure.getAttribute("message"));
  }

  private static Element parse(List<RunResult> results) throws Exception {
    byte[] stored = JunitXml.text("tests", results).getBytes(StandardCharsets.UTF_8);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(stored))
        .getDocumentElement();
  }

  private static List<Element> children(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static List<String> counts(Element suite) {
    return List.of(
        suite.getAttribute("tests"),
        suite.getAttribute("failures"),
        suite.getAttribute("errors"),
        suite.getAttribute("skipped"));
  }
}
