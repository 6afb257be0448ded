package dev.genpt.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a report into a folder. Stateless. */
public final class ReportFolder {
  /** The file with all of it, to open in a browser. */
  public static final String PAGE = "report.html";

  private ReportFolder() {}

  /**
   * Writes every chart as PNG, upstream's tables, and the report as Markdown and as HTML, in place
   * of what is there.
   *
   * @param folder made if it isn't there
   * @return the files
   * @throws IOException if one can't be written
   */
  public static List<Path> write(Report report, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (Figure figure : report.figures()) {
      files.add(Files.write(folder.resolve(figure.name() + ".png"), figure.png()));
    }
    files.add(
        Files.write(
            folder.resolve("upstream-tables.txt"),
            report.tables().stream().map(UpstreamTable::text).toList()));
    files.add(Files.writeString(folder.resolve("report.md"), MarkdownReport.of(report)));
    files.add(Files.writeString(folder.resolve(PAGE), HtmlReport.of(report)));
    return files;
  }
}
