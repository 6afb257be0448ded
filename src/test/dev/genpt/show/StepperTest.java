package dev.genpt.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.inspect.WalkTrace;
import dev.genpt.iommu.IommuDomain;
import dev.genpt.lesson.Domains;
import dev.genpt.table.Protection;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A story can be stepped through in both directions, without a script. */
final class StepperTest {
  private static final List<Frame> THREE =
      List.of(
          new Frame("<svg>a</svg>", "First < second."),
          new Frame("<svg>b</svg>", "Second."),
          new Frame("<svg>c</svg>", "Third."));

  private static long count(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }

  @Test
  void everyFrameHasItsButtonAndTheFirstIsChosen() {
    String html = new Stepper(THREE).html();
    assertEquals(3, count(html, "<input type=\"radio\""));
    assertEquals(1, count(html, " checked>"));
    assertTrue(html.indexOf(" checked>") < html.indexOf("aria-label=\"Step 1\""), html);
    assertEquals(3, count(html, "<section class=\"step[012]\">"));
  }

  @Test
  void forwardAndBackLeadToTheNeighbours() {
    String html = new Stepper(THREE).html();
    String middle =
        html.substring(html.indexOf("class=\"step1\""), html.indexOf("class=\"step2\""));
    assertTrue(middle.matches("(?s).*for=\"genpt-\\w+-0\">◀ Back.*for=\"genpt-\\w+-2\">Next ▶.*"));
    assertEquals(2, count(html, "<label [^>]*>◀ Back"));
    assertEquals(2, count(html, "<label [^>]*>Next ▶"));
  }

  @Test
  void itHasNoScriptAndEscapesSentences() {
    String html = new Stepper(THREE).html();
    assertFalse(html.contains("<script") || html.contains("onclick"), html);
    assertTrue(html.contains("<p>First &lt; second.</p>"), html);
  }

  @Test
  void itsNamesFollowFromItsContent() {
    String html = new Stepper(THREE).html();
    assertEquals(html, new Stepper(THREE).html());
    assertNotEquals(html, new Stepper(THREE.reversed()).html());
  }

  @Test
  void itsTextIsTheSentences() {
    assertEquals(
        "step 0 of 2: First < second.\nstep 1 of 2: Second.\nstep 2 of 2: Third.\n",
        new Stepper(THREE).text());
  }

  @Test
  void aWalkHasTheAddressAndAFrameForEachTable() {
    try (IommuDomain domain = Domains.toy("toy")) {
      domain.map(0x1b000, 0x5000, 0x1000, Protection.READ);
      List<Frame> frames = Frame.ofWalk(WalkTrace.of(domain.pageTable(), 0x1b234));
      assertEquals(4, frames.size());
      assertTrue(frames.getFirst().sentence().contains("0x1b234"));
      assertTrue(frames.getLast().sentence().contains("0x5234"));
      assertEquals(4, frames.stream().map(Frame::svg).distinct().count());
    }
  }

  @Test
  void anAddressOutOfRangeIsOneFrame() {
    try (IommuDomain domain = Domains.toy("toy")) {
      assertEquals(1, Frame.ofWalk(WalkTrace.of(domain.pageTable(), 1L << 20)).size());
    }
  }
}
