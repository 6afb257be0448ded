package dev.genpt.door;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.project.Checkout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code bench}: what it says and writes, for one small case. */
final class BenchCommandTest {
  private static final String HEADER =
      "format,engine,operation,page_size_lg2,count,mode,state,avg_ns,min_ns,p50_ns,p99_ns,jvm,cpu,date";

  @TempDir private Path folder;

  @Test
  void aFormatThatIsNotMeasuredIsWrongUsage() throws IOException, InterruptedException {
    Command bench = bench("--format", "mock");
    assertAll(
        bench.toString(),
        () -> assertEquals(2, bench.status()),
        () -> assertTrue(bench.err().contains("--format mock is not measured")),
        () -> assertTrue(bench.err().contains("amdv1, x86_64, vtdss, riscv64")));
  }

  @Test
  void quickAndFullExcludeEachOther() throws IOException, InterruptedException {
    Command bench = bench("--quick", "--full");
    assertAll(
        bench.toString(),
        () -> assertEquals(2, bench.status()),
        () -> assertTrue(bench.err().contains("mutually exclusive")));
  }

  @Test
  void aNameThatNoCaseHasIsToldThoseThereAre() throws IOException, InterruptedException {
    Command bench = bench("--case", "amdv1");
    assertAll(
        bench.toString(),
        () -> assertEquals(1, bench.status()),
        () -> assertTrue(bench.err().contains("no case matches --case \"amdv1\"")),
        () -> assertTrue(bench.err().contains("amdv1:12:256:discrete:alone")));
  }

  @Test
  void aCaseLeavesRowsAndJsonThatTellNothingOfTheMachineButItsProcessor()
      throws IOException, InterruptedException {
    Path csv = folder.resolve("rows.csv");
    Command bench =
        bench(
            "--case", "amdv1:12:1:batched:*", "--out", folder.toString(), "--csv", csv.toString());
    assertEquals(0, bench.status(), bench.toString());
    List<String> lines = Files.readAllLines(csv);
    assertEquals(HEADER, lines.getFirst());
    List<String> rows = lines.subList(1, lines.size());
    assertEquals(
        List.of(
            "amdv1,new,map,12,1,batched,alone",
            "amdv1,old,map,12,1,batched,alone",
            "amdv1,limit,map,12,1,batched,alone",
            "amdv1,new,unmap,12,1,batched,alone",
            "amdv1,old,unmap,12,1,batched,alone",
            "amdv1,limit,unmap,12,1,batched,alone",
            "amdv1,new,iova_to_phys,12,1,batched,alone",
            "amdv1,old,iova_to_phys,12,1,batched,alone",
            "amdv1,limit,iova_to_phys,12,1,batched,alone"),
        rows.stream().map(BenchCommandTest::firstColumns).toList());
    for (String row : rows) {
      assertTrue(row.matches(".*(,[0-9]+\\.[0-9]+){4},.*,\\d{4}-\\d\\d-\\d\\d"), row);
    }
    String json = Files.readString(folder.resolve("jmh.json"));
    for (String secret : List.of(System.getProperty("java.home"), Checkout.root().toString())) {
      assertFalse(json.contains(secret) || String.join("\n", lines).contains(secret), secret);
    }
    assertTrue(json.contains("\"engine\" : \"limit\""));
    Path report = folder.resolve("report.html");
    assertTrue(Files.exists(report) && bench.out().contains("The report: " + report));
  }

  /** What is done at Ctrl-C, which is SIGINT; Java can send SIGTERM, which takes the same way. */
  @Test
  void anInterruptedRunKeepsItsRowsAndLeavesNoProcess() throws IOException, InterruptedException {
    Process bench =
        new ProcessBuilder(
                Checkout.root().resolve("jbang").toString(),
                "-Djmh.ignoreLock=true",
                "bench",
                "--case",
                "riscv64:*:1:discrete:*",
                "--out",
                folder.toString())
            .directory(Checkout.root().toFile())
            .redirectErrorStream(true)
            .start();
    bench.getOutputStream().close();
    List<String> lines = new ArrayList<>();
    try (BufferedReader output = bench.inputReader()) {
      String line = output.readLine();
      while (line != null && !line.startsWith("  riscv64:")) {
        lines.add(line);
        line = output.readLine();
      }
      List<ProcessHandle> children = bench.descendants().toList();
      bench.toHandle().destroy(); // as Process.destroy, but the output stays open
      assertTrue(bench.waitFor(1, TimeUnit.MINUTES), lines.toString());
      for (ProcessHandle child : children) {
        child.onExit().join();
      }
      output.lines().forEach(lines::add);
    }
    assertEquals(List.of(), lines.stream().filter(line -> line.startsWith("bench:")).toList());
    assertEquals(
        List.of(
            "riscv64,new,map,12,1,discrete,alone",
            "riscv64,limit,map,12,1,discrete,alone",
            "riscv64,new,unmap,12,1,discrete,alone",
            "riscv64,limit,unmap,12,1,discrete,alone"),
        Files.readAllLines(folder.resolve("bench.csv")).stream()
            .skip(1)
            .limit(4)
            .map(BenchCommandTest::firstColumns)
            .toList());
  }

  private static String firstColumns(String row) {
    return String.join(",", List.of(row.split(",")).subList(0, 7));
  }

  private Command bench(String... arguments) throws IOException, InterruptedException {
    return Command.wrapper(
        Checkout.root(),
        Map.of(),
        Stream.concat(Stream.of("-Djmh.ignoreLock=true", "bench"), Stream.of(arguments))
            .toArray(String[]::new));
  }
}
