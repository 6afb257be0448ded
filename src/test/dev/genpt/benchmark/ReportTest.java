package dev.genpt.benchmark;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a run: which files it is, and that the page needs none of them. */
final class ReportTest {
  private static final Pattern PICTURE = Pattern.compile("src=\"([^\"]{10})");

  @TempDir private Path folder;

  @Test
  void everyChartIsAFileAndStandsInBothReports() throws IOException {
    Report report = report(SampleRun.full());
    List<Path> files = ReportFolder.write(report, folder.resolve("new"));
    String html = Files.readString(folder.resolve("new/report.html"));
    String markdown = Files.readString(folder.resolve("new/report.md"));
    assertEquals(
        List.of(
            "old-and-new-amdv1.png",
            "published-map.png",
            "published-unmap.png",
            "c-and-java-amdv1.png",
            "c-and-java-riscv64.png",
            "run-length-amdv1.png",
            "run-length-riscv64.png",
            "page-sizes-amdv1.png",
            "threads.png",
            "memory.png",
            "upstream-tables.txt",
            "report.md",
            "report.html"),
        files.stream().map(file -> file.getFileName().toString()).toList());
    for (Figure figure : report.figures()) {
      assertTrue(html.contains(figure.sentence()), figure.name());
      assertTrue(markdown.contains("](" + figure.name() + ".png)"), figure.name());
    }
    assertAll(
        () -> assertTrue(html.contains("Some CPU; 2 cores; Linux; Some VM 25; 2026-01-31")),
        () -> assertTrue(markdown.contains("Some CPU; 2 cores; Linux; Some VM 25; 2026-01-31")),
        () -> assertTrue(markdown.contains("256*2^12 ,      297,12801 ,      296,12800 , 97.97")));
  }

  @Test
  void thePageHoldsAllItShows() throws IOException {
    Report report = report(SampleRun.full());
    String html = HtmlReport.of(report);
    List<String> sources =
        PICTURE.matcher(html).results().map(source -> source.group(1)).distinct().toList();
    assertEquals(List.of("data:image"), sources);
    assertFalse(html.contains("<script") || html.contains("href="), "nothing is fetched");
  }

  @Test
  void aChartThatLacksRowsIsNamed() throws IOException {
    Report report =
        report(new RecordedRun(List.of(SampleRun.row("vtdss", "new", "map", 12, 1, "batched"))));
    assertEquals(List.of("memory"), report.figures().stream().map(Figure::name).toList());
    assertEquals(
        List.of(
            "old against new: there are no rows of vtdss old map 256*2^12, discrete, alone",
            "published beside ours: there are no rows of old and new map of 256 entries, discrete, alone",
            "published beside ours: there are no rows of old and new unmap of 256 entries, discrete, alone",
            "C beside Java: there are no rows of vtdss new map 256*2^12, discrete, alone, in Java and in C",
            "run length: there are no rows of vtdss new map 2^12, discrete, alone",
            "page sizes: there are no rows of amdv1 new map of one entry of more than three sizes",
            "threads: there are no rows of new map 256*2^12, in_turns and two_threads, alone"),
        report.missing());
    String markdown = MarkdownReport.of(report);
    assertTrue(markdown.contains("## Charts left out"));
    assertFalse(markdown.contains("### This run"), "the run has no case of upstream's");
  }

  private static Report report(RecordedRun run) throws IOException {
    return Report.of(run, BenchmarkFolder.ofCheckout());
  }

  @Test
  void theTimesInCAreThere() throws IOException {
    BenchmarkFolder folder = BenchmarkFolder.ofCheckout();
    assertEquals(List.of(319, 319), List.of(folder.c().size(), folder.retpolineC().size()));
    assertEquals(319, Tables.ofC(folder.c()).rowCount());
    assertEquals(62, Tables.ofPublished(folder.published()).rowCount());
    assertEquals(Measurement.HEADER, String.join(",", Tables.of(SampleRun.full()).columnNames()));
  }
}
