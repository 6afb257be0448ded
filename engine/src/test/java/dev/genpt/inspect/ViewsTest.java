package dev.genpt.inspect;

import static dev.genpt.table.Protection.READ;
import static dev.genpt.table.Protection.READ_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.fixture.Machine;
import dev.genpt.inspect.SvgCanvas.Anchor;
import dev.genpt.inspect.SvgCanvas.Font;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.table.Feature;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/** Text and pictures of each format: complete, readable, and one word for one thing. */
final class ViewsTest {
  private static final Pattern TABLE = Pattern.compile("table address (0x[0-9a-f]+)");
  private static final Pattern OUTPUT = Pattern.compile("output address (0x[0-9a-f]+)");

  /** A page, large leaves, and something in the upper half where there is one. */
  private static IommuDomain mixed(ExampleFormat example, Machine machine) {
    IommuDomain domain = example.domain(machine);
    ExampleFormat.map(domain, 0xc0a0_7000L, 0x1234_5000L, 0x1000, READ_WRITE);
    ExampleFormat.map(domain, 0xc0a1_0000L, 0x2234_0000L, 0x1_0000, READ);
    ExampleFormat.map(domain, 0xc0c0_0000L, 0x8000_0000L, 0x20_0000, READ_WRITE);
    ExampleFormat.map(domain, 0x1_0000_0000L, 0x3000_1000L, 0x40_0000, READ_WRITE);
    if (domain.pageTable().has(Feature.SIGN_EXTEND)) {
      ExampleFormat.map(domain, 0xffff_ffff_ffff_f000L, 0x1234_6000L, 0x1000, READ);
    }
    return domain;
  }

  private static List<WalkTrace> walks(IommuDomain domain) {
    return Stream.of(0xc0a0_7234L, 0xc0a1_5234L, 0xc0c1_5234L, 0xc0f0_0000L, -0xff0L, 0L, 1L << 62)
        .map(iova -> WalkTrace.of(domain.pageTable(), iova))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void everyViewIsCompleteAndReadable(ExampleFormat example) {
    IommuDomain domain = mixed(example, new Machine());
    walks(domain).forEach(Views::check);
    Views.check(TableTree.read(domain.pageTable()));
  }

  @Test
  void theDeepestWalkOfTheWidestAddressesIsReadableToo() {
    Machine machine = new Machine();
    IommuDomain domain = machine.amdv1();
    domain.map(0xfedc_ba98_7654_3000L, 0xf_edcb_a987_6000L, 0x1000, READ_WRITE);
    WalkTrace trace = WalkTrace.of(domain.pageTable(), 0xfedc_ba98_7654_3210L);
    assertEquals(6, trace.steps().size());
    Views.check(trace);
    Views.check(TableTree.read(domain.pageTable()));
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void tableAddressesAndOutputAddressesNeverShareAName(ExampleFormat example) {
    IommuDomain domain = mixed(example, new Machine());
    TableTree tree = TableTree.read(domain.pageTable());
    Set<Long> tables = new Unfolding(domain.pageTable().format(), tree).words().keySet();
    StringBuilder all = new StringBuilder(TextView.plain().tree(tree)).append(SvgView.tree(tree));
    for (WalkTrace trace : walks(domain)) {
      all.append(TextView.plain().walk(trace)).append(SvgView.walk(trace));
      trace.steps().forEach(step -> all.append(SvgView.entry(step.entry())));
    }
    assertTrue(tables.containsAll(addresses(TABLE, all)));
    assertFalse(addresses(TABLE, all).isEmpty());
    assertTrue(addresses(OUTPUT, all).stream().noneMatch(tables::contains));
    assertFalse(addresses(OUTPUT, all).isEmpty());
  }

  private static Set<Long> addresses(Pattern pattern, CharSequence text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> Long.decode(found.group(1)))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("dev.genpt.inspect.ExampleFormat#all")
  void theSameTableGivesTheSamePictures(ExampleFormat example) {
    IommuDomain one = mixed(example, new Machine());
    IommuDomain other = mixed(example, new Machine());
    assertEquals(
        SvgView.tree(TableTree.read(one.pageTable())),
        SvgView.tree(TableTree.read(other.pageTable())));
    for (int i = 0; i < walks(one).size(); i++) {
      assertEquals(SvgView.walk(walks(one).get(i)), SvgView.walk(walks(other).get(i)));
    }
  }

  @Test
  void picturesNameNoFileAndNoOtherPlace() {
    IommuDomain domain = mixed(ExampleFormat.of("amdv1"), new Machine());
    String svg = SvgView.walk(walks(domain).getFirst());
    Matcher links =
        Pattern.compile("href|url\\(|://|file:")
            .matcher(svg.replace("http://www.w3.org/2000/svg", ""));
    assertFalse(links.find(), svg);
    assertFalse(svg.contains(" id="), "several pictures must fit one page");
  }

  @Test
  void aPictureTellsTheStepsThatItShows() {
    IommuDomain domain = mixed(ExampleFormat.of("amdv1"), new Machine());
    WalkTrace trace = walks(domain).getFirst();
    Element whole = Views.checkPicture(SvgView.walk(trace));
    String told = whole.getElementsByTagName("desc").item(0).getTextContent();
    trace.steps().forEach(step -> assertTrue(told.contains(step.sentence())));
    assertTrue(told.endsWith(trace.outcome().sentence()));
    Element first = Views.checkPicture(SvgView.walk(trace, 1));
    assertEquals(
        trace.steps().getFirst().sentence(),
        first.getElementsByTagName("desc").item(0).getTextContent());
    for (int step = 2; step <= trace.steps().size(); step++) {
      Element next = Views.checkPicture(SvgView.walk(trace, step));
      assertEquals(first.getAttribute("height"), next.getAttribute("height"), "steps do not jump");
    }
  }

  @Test
  void textIsEscaped() {
    SvgCanvas canvas = new SvgCanvas();
    canvas.text(10, 20, Anchor.START, Font.sans(12), "a < b && \"c\" > \u001bd");
    Element root = Views.checkPicture(canvas.svg(400, 40, "<t> & 'u'", "</desc>"));
    assertEquals("a < b && \"c\" >  d", root.getElementsByTagName("text").item(0).getTextContent());
    assertEquals("<t> & 'u'", root.getElementsByTagName("title").item(0).getTextContent());
    assertEquals("</desc>", root.getElementsByTagName("desc").item(0).getTextContent());
  }

  @Test
  void coloursMarkAddressesAndNothingElseOfAWalk() {
    IommuDomain domain = mixed(ExampleFormat.of("amdv1"), new Machine());
    String text = TextView.coloured().walk(walks(domain).getFirst());
    List<String> marked =
        Pattern.compile("\u001b\\[[0-9;]+m([^\u001b]*)\u001b\\[0m")
            .matcher(text)
            .results()
            .map(found -> found.group(1).strip())
            .toList();
    List<String> known =
        List.of(
            "0x[0-9a-f]+",
            "[01]+",
            "item \\d+",
            "\\d\\. level \\d:",
            "bits .* of the input address pick item .*",
            "(table|output) address 0x[0-9a-f]+",
            "Input address .* goes to output address .*",
            "read and write\\.",
            "");
    for (String piece : marked) {
      assertTrue(known.stream().anyMatch(piece::matches), piece);
    }
  }
}
