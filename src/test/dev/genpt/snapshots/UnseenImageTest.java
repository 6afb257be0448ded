package dev.genpt.snapshots;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.genpt.format.Amdv1;
import dev.genpt.format.Formats;
import dev.genpt.format.Riscv;
import dev.genpt.inspect.TableTree;
import dev.genpt.inspect.WalkTrace;
import dev.genpt.iommu.DomainConfig;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.memory.PageAllocator;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.Feature;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.PageTable;
import dev.genpt.table.Protection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images of other formats, levels and keys than those of the data set. */
final class UnseenImageTest {
  private static final String EMPTY =
      "{\"roots\": [], \"regions\": [], \"expect\": [], \"faults\": []}";
  private static final String DEVICE = "0000:3a:00.0";

  @TempDir private Path folder;

  /** An image of a domain's table as it is now, without rows of mappings and faults. */
  private static Image imageOf(IommuDomain domain) throws IOException {
    PageTable table = domain.pageTable();
    Image image = Image.ofText(EMPTY);
    ObjectNode root = image.rows("roots").addObject();
    root.put("device", DEVICE)
        .put("format", table.format().definition().name())
        .put("top_pa", Long.toHexString(table.root().address()))
        .put("levels", table.root().level() + 1);
    addPages(image.rows("regions"), table.memory(), TableTree.read(table).root());
    return image;
  }

  private static void addPages(ArrayNode regions, PhysicalMemory memory, TableTree.Table table) {
    ObjectNode region = regions.addObject().put("pa", Long.toHexString(table.address()));
    ArrayNode words = region.putArray("words");
    for (int i = 0; i < 512; i++) {
      words.add(Long.toHexString(memory.read64(table.address() + i * 8L)));
    }
    for (TableTree.Row row : table.rows()) {
      if (row instanceof TableTree.Pointer pointer) {
        addPages(regions, memory, pointer.table());
      }
    }
  }

  /** Maps one leaf and expects it. */
  private static void map(
      IommuDomain domain, ArrayNode rows, long iova, int sizeLg2, int level, int protection) {
    long pa = 0x1_2340_0000L & -(1L << sizeLg2);
    domain.map(iova, pa, 1L << sizeLg2, protection);
    long word = WalkTrace.of(domain.pageTable(), iova).steps().getLast().entry().word();
    rows.addObject()
        .put("device", DEVICE)
        .put("iova", Long.toHexString(iova))
        .put("size_lg2", sizeLg2)
        .put("pa", Long.toHexString(pa))
        .put("read", (protection & Protection.READ) != 0)
        .put("write", (protection & Protection.WRITE) != 0)
        .put("level", level)
        .put("word", Long.toHexString(word));
  }

  private static void fault(Image image, String iova, String access, String why) {
    image
        .rows("faults")
        .addObject()
        .put("device", DEVICE)
        .put("iova", iova)
        .put("access", access)
        .put("why", why);
  }

  private static IommuDomain domain(String name, int topLevel, int widthLg2, PageAllocator pages) {
    FormatDefinition format = Formats.byName(name);
    Feature[] features =
        switch (name) {
          case "amdv1" ->
              new Feature[] {Feature.DYNAMIC_TOP, Amdv1.ENCRYPT_TABLES, Amdv1.FORCE_COHERENCE};
          case "mock" -> new Feature[] {Feature.DYNAMIC_TOP};
          case "riscv64" -> new Feature[] {Feature.SIGN_EXTEND, Riscv.SVNAPOT_64K};
          case "x86_64" -> new Feature[] {Feature.SIGN_EXTEND};
          default -> new Feature[0];
        };
    return IommuDomain.create(
        DomainConfig.of(format, pages)
            .topLevel(topLevel)
            .widths(widthLg2, format.geometry().maxOaLg2())
            .features(features));
  }

  @ParameterizedTest
  @CsvSource({
    "amdv1, 1, 64, 16, 40000000",
    "amdv1, 2, 64, 20, 8000000000",
    "amdv1, 3, 64, 16, 1000000000000",
    "amdv1, 4, 64, 16, 200000000000000",
    "x86_64, 3, 48, 12, 800000000000",
    "x86_64, 4, 57, 12, 100000000000000",
    "vtdss, 2, 39, 12, 8000000000",
    "vtdss, 3, 48, 12, 1000000000000",
    "vtdss, 4, 57, 12, 200000000000000",
    "riscv64, 2, 39, 16, 4000000000",
    "riscv64, 4, 57, 16, 100000000000000"
  })
  void aTableOfAnyFormatAndHeightPasses(
      String format, int topLevel, int widthLg2, int smallLg2, String beyond) throws IOException {
    PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(8));
    try (IommuDomain domain = domain(format, topLevel, widthLg2, pages)) {
      Image rows = Image.ofText(EMPTY);
      map(domain, rows.rows("expect"), 0x10_0000, smallLg2, 0, Protection.READ_WRITE);
      map(domain, rows.rows("expect"), 0x20_0000, 21, 1, Protection.READ);
      Image image = imageOf(domain);
      image.rows("expect").addAll(rows.rows("expect"));
      fault(image, "fffff", "read", "not mapped");
      fault(image, "200000", "write", "the leaf is read-only");
      fault(image, beyond, "read", "beyond the table");
      assertEquals(
          List.of(
              new RootResult.Checked(
                  "image.json", DEVICE, format, topLevel + 1, 2, 3, "", List.of())),
          image.check(folder));
    }
  }

  @Test
  void upperHalvesAreSignExtended() throws IOException {
    PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(8));
    try (IommuDomain domain = domain("x86_64", 4, 57, pages)) {
      Image rows = Image.ofText(EMPTY);
      map(domain, rows.rows("expect"), -0x1000L, 12, 0, Protection.READ_WRITE);
      map(domain, rows.rows("expect"), -0x40_0000L, 21, 1, Protection.READ_WRITE);
      Image image = imageOf(domain);
      image.rows("expect").addAll(rows.rows("expect"));
      fault(image, "1fffffffffff000", "read", "beyond the table");
      assertEquals(List.of(), image.problems(folder));
    }
  }

  @Test
  void marksThatHardwareLeavesInSingleItemsAreNoDifference() throws IOException {
    PageAllocator pages = new PageAllocator(PhysicalMemory.ofMebibytes(8));
    try (IommuDomain domain = domain("amdv1", 2, 64, pages)) {
      Image rows = Image.ofText(EMPTY);
      map(domain, rows.rows("expect"), 0x1_0000, 16, 0, Protection.READ_WRITE);
      long second = WalkTrace.of(domain.pageTable(), 0x1_1000).steps().getLast().wordAddress();
      pages.memory().getAndOr64(second, 0x60); // accessed and dirty
      Image image = imageOf(domain);
      image.rows("expect").addAll(rows.rows("expect"));
      assertEquals(List.of(), image.problems(folder));
    }
  }

  @Test
  void onlyWhatTheCheckNeedsMustBeThere() throws IOException {
    assertEquals(
        List.of(new RootResult.Checked("image.json", "00:01.0", "vtdss", 3, 2, 1, "", List.of())),
        Image.ofText(HandMade.IMAGE).check(folder));
  }

  @Test
  void aDeniedAccessIsAFaultUnlessNothingShouldBeThere() throws IOException {
    Image image = Image.ofText(HandMade.IMAGE);
    image.row("faults", 0).put("iova", "5000").put("access", "write").put("why", "read-only");
    assertEquals(List.of(), image.problems(folder));
    image.row("faults", 0).put("why", "not mapped");
    assertEquals(
        List.of(
            "faults[0]: iova 0x5000 should give a fault (not mapped), but it goes to 0x77000000, in"
                + " a 4K leaf to 0x77000000, r"),
        image.problems(folder));
    image.row("faults", 0).put("access", "read").remove("why");
    assertEquals(
        List.of(
            "faults[0]: iova 0x5000 should give a fault (no reason given), but it goes to"
                + " 0x77000000, in a 4K leaf to 0x77000000, r"),
        image.problems(folder));
  }

  @Test
  void aRootOfOneTableIsFoundFromTheRegisters() throws IOException {
    Image image =
        Image.ofText(
            """
            {"registers": {"DeviceTableBase": "9000", "Control": "1"},
             "roots": [{"device": "00:00.1", "format": "amdv1", "mode": 1, "top_pa": "1000"}],
             "regions": [
              {"pa": "1000", "words": ["6000000000077001", "0*511"]},
              {"pa": "9000", "words": ["3", "0*3", "6000000000001203", "0*507"]}],
             "expect": [
              {"device": "00:00.1", "iova": "0", "size_lg2": 12, "pa": "77000",
               "read": true, "write": true, "level": 0, "word": "6000000000077001"}],
             "faults": [{"device": "00:00.1", "iova": "200000", "why": "beyond the table"}]}
            """);
    List<RootResult> results = image.check(folder);
    assertAll(
        () -> assertEquals(1, results.size()),
        () -> assertEquals(List.of(), results.getFirst().problems()),
        () ->
            assertEquals(
                "image.json          00:00.1  amdv1    1 level       1 mappings    1 faults  ok",
                results.getFirst().line()));
  }

  @Test
  void aRootOutsideTheRegionsIsNamed() throws IOException {
    Image image = Image.ofText(HandMade.IMAGE);
    image.row("roots", 0).put("top_pa", "9000");
    assertEquals(
        List.of("roots[0]: physical address 0x9000 is outside RAM [0x1000, 0x3fff]"),
        image.problems(folder));
  }

  @Test
  void aFormatThatTheEngineDoesNotHaveIsSkippedByName() throws IOException {
    Image image = Image.ofText(HandMade.IMAGE);
    image.row("roots", 0).put("format", "pdp11");
    assertEquals(
        List.of(new RootResult.Skipped("image.json", "00:01.0", "pdp11")), image.check(folder));
  }
}
