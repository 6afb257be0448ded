package dev.genpt.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.inspect.PageMap.Leaf;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.lesson.Domains;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Pages and frames of a table, and sizes on a scale. */
final class PageMapTest {
  private static PageMap mapOf(IommuDomain domain) {
    return PageMap.of(domain.owner().name(), TableTree.read(domain.pageTable()));
  }

  private static long count(String svg, String colour) {
    return Pattern.compile("<rect [^>]*fill=\"" + colour + "\"").matcher(svg).results().count();
  }

  @Test
  void everyLeafIsAPageAndItsFrame() {
    try (IommuDomain domain = Domains.amdv1("card")) {
      domain.map(0x1000, 0x5000, 0x2000, Protection.READ);
      domain.map(0x200000, 0x400000, 0x200000, Protection.READ);
      assertEquals(
          new PageMap(
              "card",
              List.of(
                  new Leaf(0x1000, 12, 0x5000),
                  new Leaf(0x2000, 12, 0x6000),
                  new Leaf(0x200000, 21, 0x400000)),
              0),
          mapOf(domain));
    }
  }

  @Test
  void tooManyLeavesAreCounted() {
    try (IommuDomain domain = Domains.amdv1("card")) {
      domain.map(0x1000, 0x2000, 1000 * 0x1000, Protection.READ);
      PageMap map = mapOf(domain);
      long shown = map.leaves().size();
      assertEquals(PageMap.MOST_LEAVES, shown);
      String text = TextView.plain().pages(List.of(map));
      assertTrue(
          map.left() > 0 && text.endsWith("and %d pages more\n".formatted(map.left())), text);
    }
  }

  @Test
  void aSharedFrameIsDrawnOnce() {
    try (IommuDomain card = Domains.amdv1("card");
        IommuDomain disk = Domains.amdv1("disk")) {
      card.map(0x1000, 0x5000, 0x1000, Protection.READ);
      card.map(0x3000, 0x5000, 0x1000, Protection.READ);
      disk.map(0x1000, 0x7000, 0x1000, Protection.READ);
      String svg = SvgView.pages(List.of(mapOf(card), mapOf(disk)));
      assertEquals(3, count(svg, Palette.INPUT.fill()));
      assertEquals(2, count(svg, Palette.OUTPUT.fill()));
      assertEquals(3, Pattern.compile("<polygon").matcher(svg).results().count());
      assertTrue(svg.contains("card: page 0x3000 leads to frame 0x5000."), svg);
    }
  }

  @Test
  void neighboursHaveNoGapBetweenThem() {
    try (IommuDomain domain = Domains.toy("toy")) {
      domain.map(0x0, 0x8000, 0x1000, Protection.READ);
      domain.map(0x1000, 0x3000, 0x1000, Protection.READ);
      String svg = SvgView.pages(List.of(mapOf(domain)));
      assertEquals(1, Pattern.compile("not mapped").matcher(svg).results().count());
    }
  }

  @Test
  void aSizeIsGivenInUnitsAndAsAPowerWhereItIsOne() {
    var scale =
        new SizeScale("All", List.of())
            .and("half", Long.MIN_VALUE, Palette.INPUT)
            .and("odd", 20480, Palette.TABLE);
    assertEquals("All\n  half: 8E = 2^63\n  odd: 20K = 20480\n", TextView.plain().sizes(scale));
    assertTrue(SvgView.sizes(scale).contains("half: 8E = 2^63"));
  }
}
