package dev.genpt.show;

import dev.genpt.inspect.AddressSplit;
import dev.genpt.inspect.DecodedEntry;
import dev.genpt.inspect.PageMap;
import dev.genpt.inspect.Palette;
import dev.genpt.inspect.SizeScale;
import dev.genpt.inspect.SvgView;
import dev.genpt.inspect.TableTree;
import dev.genpt.inspect.TextView;
import dev.genpt.inspect.WalkTrace;
import dev.genpt.inspect.WalkTrace.Outcome;
import dev.genpt.iommu.IommuDomain;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;
import tech.tablesaw.api.Table;

/**
 * Puts something under the cell that runs: on JJava, IJava and rapaio as a picture, elsewhere as
 * text on standard output.
 *
 * <p>Every method answers nothing, so a cell may end with it. Stateless; call it from the thread
 * that runs the cell.
 */
public final class Show {
  private static final Optional<Kernel> KERNEL = Kernel.running();
  private static final TextView TEXT = TextView.plain();

  private Show() {}

  /** Plain text, as it is. */
  public static void text(String text) {
    System.out.print(text.endsWith("\n") ? text : text + "\n");
  }

  /**
   * A piece of HTML.
   *
   * @param plain what to print where there is no page
   */
  public static void html(String html, String plain) {
    KERNEL.ifPresentOrElse(kernel -> kernel.display("text/html", html), () -> text(plain));
  }

  /**
   * A picture, inside HTML, which keeps its shapes and its text.
   *
   * @param plain what to print where there is no page
   */
  public static void svg(String svg, String plain) {
    html(svg, plain);
  }

  /** A picture made of pixels. */
  public static void image(BufferedImage image) {
    var png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    png(png.toByteArray(), "[image, %d x %d]".formatted(image.getWidth(), image.getHeight()));
  }

  /** A chart, as pixels. */
  public static void chart(IChart chart) {
    try {
      png(ChartEncoder.getBytes(chart, "png"), "[chart]");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void png(byte[] png, String plain) {
    KERNEL.ifPresentOrElse(
        kernel -> kernel.display("image/png", Base64.getEncoder().encodeToString(png)),
        () -> text(plain));
  }

  /** A Tablesaw table. */
  public static void table(Table table) {
    html(TableHtml.of(table), table.print());
  }

  /** Pictures to step through, forward and back. */
  public static void steps(List<Frame> frames) {
    var stepper = new Stepper(frames);
    html(stepper.html(), stepper.text());
  }

  /** What becomes of one input address, in a sentence. */
  public static void translation(IommuDomain domain, long iova) {
    Outcome outcome = trace(domain, iova).outcome();
    html(
        Html.note(
            outcome instanceof Outcome.Mapped ? Palette.OUTPUT : Palette.PLAIN,
            Html.escape(outcome.sentence())),
        outcome.sentence());
  }

  /** The walk of one input address, to step through. */
  public static void walk(IommuDomain domain, long iova) {
    WalkTrace trace = trace(domain, iova);
    html(new Stepper(Frame.ofWalk(trace)).html(), TEXT.walk(trace));
  }

  /** The whole walk of one input address in one picture. */
  public static void wholeWalk(IommuDomain domain, long iova) {
    WalkTrace trace = trace(domain, iova);
    svg(SvgView.walk(trace), TEXT.walk(trace));
  }

  private static WalkTrace trace(IommuDomain domain, long iova) {
    return WalkTrace.of(domain.pageTable(), iova);
  }

  /** An input address, cut into its fields. */
  public static void address(IommuDomain domain, long iova) {
    AddressSplit split = AddressSplit.of(domain.pageTable(), iova);
    svg(SvgView.address(split), TEXT.address(split));
  }

  /**
   * The item that the walk of an input address reads at one level.
   *
   * @throws IllegalArgumentException if it does not come that far
   */
  public static void entry(IommuDomain domain, long iova, int level) {
    DecodedEntry entry =
        trace(domain, iova).steps().stream()
            .filter(step -> step.level() == level)
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "The walk of %#x reads no table of level %d".formatted(iova, level)))
            .entry();
    svg(SvgView.entry(entry), TEXT.entry(entry));
  }

  /** A whole table. */
  public static void tree(IommuDomain domain) {
    TableTree tree = TableTree.read(domain.pageTable());
    svg(SvgView.tree(tree), TEXT.tree(tree));
  }

  /** Which page leads to which frame, in each of the domains. */
  public static void pages(IommuDomain... domains) {
    List<PageMap> maps =
        Stream.of(domains)
            .map(domain -> PageMap.of(domain.owner().name(), TableTree.read(domain.pageTable())))
            .toList();
    svg(SvgView.pages(maps), TEXT.pages(maps));
  }

  /** Sizes that are far apart, on one scale. */
  public static void sizes(SizeScale scale) {
    svg(SvgView.sizes(scale), TEXT.sizes(scale));
  }
}
