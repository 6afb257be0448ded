package dev.genpt.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.inspect.Palette;
import dev.genpt.inspect.SizeScale;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.lesson.Domains;
import dev.genpt.lesson.SelfCheck;
import dev.genpt.table.Protection;
import java.awt.image.BufferedImage;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChartBuilder;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Without a kernel everything is printed, as text. */
final class ShowTest {
  private static IommuDomain domain() {
    IommuDomain domain = Domains.amdv1("network card");
    domain.map(0x40201000L, 0x12345000L, 0x1000, Protection.READ_WRITE);
    return domain;
  }

  private static Table table() {
    return Table.create(
        "Tables & pages",
        StringColumn.create("level", "leaf <0>", "root"),
        IntColumn.create("tables", 3, 1));
  }

  @Test
  void aCellMayEndWithAnyOfItsMethods() {
    List<String> notVoid =
        Stream.of(Show.class, Check.class)
            .flatMap(type -> Stream.of(type.getDeclaredMethods()))
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> method.getReturnType() != void.class)
            .map(Method::toString)
            .toList();
    assertEquals(List.of(), notVoid);
  }

  @Test
  void textEndsWithOneLineBreak() {
    assertEquals("a\n", Printed.by(() -> Show.text("a")));
    assertEquals("a\n", Printed.by(() -> Show.text("a\n")));
  }

  @Test
  void htmlAndPicturesAreTheirText() {
    assertEquals("plain\n", Printed.by(() -> Show.html("<b>x</b>", "plain")));
    assertEquals("plain\n", Printed.by(() -> Show.svg("<svg></svg>", "plain")));
  }

  @Test
  void pixelsAreNamed() {
    var image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    var chart = new XYChartBuilder().width(100).height(80).build();
    chart.addSeries("s", new double[] {0, 1}, new double[] {0, 1});
    assertEquals("[image, 3 x 2]\n", Printed.by(() -> Show.image(image)));
    assertEquals("[chart]\n", Printed.by(() -> Show.chart(chart)));
  }

  @Test
  void aTableIsPrinted() {
    String printed = Printed.by(() -> Show.table(table()));
    assertTrue(printed.contains("leaf <0>") && printed.contains("tables"), printed);
  }

  @Test
  void aTableInAPageHasItsNumbersToTheRight() {
    String html = TableHtml.of(table());
    assertTrue(html.contains("Tables &amp; pages</caption>"), html);
    assertTrue(html.contains("text-align:left\">leaf &lt;0&gt;</td>"), html);
    assertTrue(html.contains("text-align:right\">3</td>"), html);
  }

  @Test
  void theViewsOfADomainAreTheEnginesText() {
    try (IommuDomain domain = domain()) {
      assertTrue(Printed.by(() -> Show.tree(domain)).contains("0x12345000"));
      assertTrue(Printed.by(() -> Show.walk(domain, 0x40201234L)).contains("0x12345234"));
      assertTrue(Printed.by(() -> Show.wholeWalk(domain, 0x40201234L)).contains("0x12345234"));
      assertTrue(Printed.by(() -> Show.address(domain, 0x40201234L)).contains("0x234"));
      assertTrue(Printed.by(() -> Show.entry(domain, 0x40201234L, 0)).contains("12345001"));
      assertTrue(Printed.by(() -> Show.translation(domain, 0x40202000L)).contains("not mapped"));
      assertEquals(
          "network card\n  page 0x40201000  frame 0x12345000  4K\n",
          Printed.by(() -> Show.pages(domain)));
    }
  }

  @Test
  void aWalkThatEndsAboveHasNoEntryBelow() {
    try (IommuDomain domain = domain()) {
      assertThrows(IllegalArgumentException.class, () -> Show.entry(domain, 0x0, 0));
    }
  }

  @Test
  void sizesAreListed() {
    var scale = new SizeScale("Sizes", List.of()).and("all", 1L << 57, Palette.INPUT);
    assertEquals("Sizes\n  all: 128P = 2^57\n", Printed.by(() -> Show.sizes(scale)));
  }

  @Test
  void theSelfCheckNamesEveryPart() {
    String printed = Printed.by(SelfCheck::show);
    for (String part : List.of("none: text only", "JDK", "engine", "Tablesaw", "XChart")) {
      assertTrue(printed.contains(part), printed);
    }
    assertTrue(printed.endsWith("✓ Everything works.\n"), printed);
  }
}
