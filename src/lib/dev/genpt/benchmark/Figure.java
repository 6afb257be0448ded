package dev.genpt.benchmark;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.io.IOException;
import java.util.List;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;
import tech.tablesaw.api.Table;

/**
 * A chart whose title says the finding, with the table that it was drawn from, and below it in
 * small print whose times these are.
 *
 * <p>Threads: one at a time draws it.
 *
 * @param name the same for every run, as a file may be called
 * @param sentence what the chart shows and how to read it
 * @param source processor, JVM and day, a line for each side that is compared
 * @param table its points: series, category or x, value
 * @param chart what is drawn
 */
public record Figure(String name, String sentence, List<String> source, Table table, IChart chart)
    implements IChart {
  private static final int LINE = 18;
  private static final int LEFT = 14;
  private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color GREY = new Color(0x4a4a4a);

  /** Keeps a copy of the lines. */
  public Figure {
    source = List.copyOf(source);
  }

  @Override
  public String getTitle() {
    return chart.getTitle();
  }

  @Override
  public int getWidth() {
    return chart.getWidth();
  }

  @Override
  public int getHeight() {
    return chart.getHeight();
  }

  @Override
  public void paint(Graphics2D graphics, int width, int height) {
    int strip = source.size() * LINE + LINE / 2;
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    chart.paint(graphics, width, height - strip);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(SMALL);
    graphics.setColor(GREY);
    int baseline = height - strip + LINE * 2 / 3;
    for (String line : source) {
      graphics.drawString(line, LEFT, baseline);
      baseline += LINE;
    }
  }

  /**
   * The picture as a PNG file has it.
   *
   * @throws IOException if it can't be encoded
   */
  public byte[] png() throws IOException {
    return ChartEncoder.getBytes(this, "png");
  }
}
