package dev.genpt.benchmark;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as Markdown, which shows the charts from files beside it. Stateless. */
final class MarkdownReport {
  private MarkdownReport() {}

  static String of(Report report) {
    return Stream.of(
            Stream.of("# Benchmark", machines(report)),
            report.figures().stream().map(MarkdownReport::figure),
            leftOut(report),
            Stream.of("## Upstream's tables", Report.PERCENT),
            tables("This run", report.tables()),
            tables("Published in the cover letter", report.published()),
            Stream.of("## Method"),
            Report.METHOD.stream())
        .flatMap(parts -> parts)
        .collect(Collectors.joining("\n\n", "", "\n"));
  }

  private static String machines(Report report) {
    return list(report.run().machines());
  }

  private static String list(List<String> lines) {
    return lines.stream().map(line -> "- " + line).collect(Collectors.joining("\n"));
  }

  private static String figure(Figure figure) {
    return "## %s\n\n![%s](%s.png)\n\n%s"
        .formatted(figure.getTitle(), figure.getTitle(), figure.name(), figure.sentence());
  }

  private static Stream<String> leftOut(Report report) {
    return report.missing().isEmpty()
        ? Stream.empty()
        : Stream.of("## Charts left out", list(report.missing()));
  }

  private static Stream<String> tables(String title, List<UpstreamTable> tables) {
    return tables.isEmpty()
        ? Stream.empty()
        : Stream.concat(Stream.of("### " + title), tables.stream().map(MarkdownReport::table));
  }

  private static String table(UpstreamTable table) {
    return "```text\n" + table.text() + "```";
  }
}
