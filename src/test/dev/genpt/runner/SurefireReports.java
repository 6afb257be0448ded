package dev.genpt.runner;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The XML files that Maven's Surefire plugin leaves behind, one a test class. */
final class SurefireReports {
  private final Path folder;

  SurefireReports(Path folder) {
    this.folder = folder;
  }

  /** Removes the reports of an earlier run. */
  void clear() throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
        for (Path report : reports) {
          Files.delete(report);
        }
      }
    }
  }

  /** The failures and errors of all reports, by class. */
  List<Failure> failures() throws IOException {
    List<Failure> failures = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
        for (Path report : reports) {
          collect(report, failures);
        }
      }
    }
    return failures;
  }

  private static void collect(Path report, List<Failure> failures) throws IOException {
    NodeList tests = parse(report).getElementsByTagName("testcase");
    for (int i = 0; i < tests.getLength(); i++) {
      Element test = (Element) tests.item(i);
      for (String kind : List.of("failure", "error")) {
        NodeList problems = test.getElementsByTagName(kind);
        if (problems.getLength() > 0) {
          failures.add(new Failure(name(test), details((Element) problems.item(0))));
        }
      }
    }
  }

  private static String name(Element test) {
    String method = test.getAttribute("name");
    return test.getAttribute("classname") + (method.isEmpty() ? "" : "." + method);
  }

  /** The stack trace, which begins with the message; the message alone where there is no trace. */
  private static String details(Element problem) {
    String trace = problem.getTextContent().strip();
    return trace.isEmpty() ? problem.getAttribute("message") : trace;
  }

  private static Element parse(Path report) throws IOException {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(report.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("The report " + report.getFileName() + " is no XML", e);
    }
  }
}
