package dev.genpt.benchmark;

import dev.genpt.show.Html;
import dev.genpt.show.TableHtml;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** A report as one page of HTML that holds its charts. Stateless. */
final class HtmlReport {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>genpt: benchmark</title>
      <style>
      body { background: #ffffff; color: #1c1c1c; font: 16px/1.5 system-ui, sans-serif;
             max-width: 1120px; margin: 2em auto; padding: 0 1em; }
      img { max-width: 100%; height: auto; }
      figure { margin: 2.5em 0; }
      .tables { display: flex; flex-wrap: wrap; gap: 1em; }
      </style>
      </head>
      <body>
      <h1>Benchmark</h1>
      """;

  private HtmlReport() {}

  static String of(Report report) throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    page.append(list(report.run().machines()));
    for (Figure figure : report.figures()) {
      page.append(figure(figure));
    }
    if (!report.missing().isEmpty()) {
      page.append("<h2>Charts left out</h2>\n").append(list(report.missing()));
    }
    page.append("<h2>Upstream's tables</h2>\n").append(paragraph(Report.PERCENT));
    page.append(tables("This run", report.tables()));
    page.append(tables("Published in the cover letter", report.published()));
    page.append("<h2>Method</h2>\n");
    Report.METHOD.forEach(text -> page.append(paragraph(text)));
    return page.append("</body>\n</html>\n").toString();
  }

  private static String list(List<String> lines) {
    return lines.stream()
        .map(line -> "<li>" + Html.escape(line) + "</li>\n")
        .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
  }

  private static String figure(Figure figure) throws IOException {
    return "<figure id=\"%s\">\n<img width=\"%d\" height=\"%d\" alt=\"%s\" src=\"data:image/png;base64,%s\">\n<figcaption>%s</figcaption>\n</figure>\n"
        .formatted(
            figure.name(),
            figure.getWidth(),
            figure.getHeight(),
            Html.escape(figure.getTitle()),
            Base64.getEncoder().encodeToString(figure.png()),
            Html.escape(figure.sentence()));
  }

  private static String tables(String title, List<UpstreamTable> tables) {
    String head = "<h3>" + title + "</h3>\n<div class=\"tables\">\n";
    return tables.isEmpty()
        ? ""
        : tables.stream()
            .map(table -> TableHtml.of(table.table()))
            .collect(Collectors.joining("\n", head, "\n</div>\n"));
  }

  private static String paragraph(String text) {
    return "<p>" + Html.escape(text) + "</p>\n";
  }
}
