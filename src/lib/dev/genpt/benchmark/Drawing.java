package dev.genpt.benchmark;

import dev.genpt.inspect.Palette;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Draws a table of three columns, series, place and value, as bars or as lines, all in one style.
 * Stateless.
 */
public final class Drawing {
  static final int WIDTH = 1000;
  static final int HEIGHT = 600;

  private static final int SERIES = 0;
  private static final int PLACE = 1;
  private static final int VALUE = 2;
  private static final int MARKER = 9;

  /** Letters that fit side by side below the chart, with gaps between words. */
  private static final int MOST_UPRIGHT = 80;

  /** Letters of a title of full size that fit above the chart. */
  private static final int LONG_TITLE = 80;

  private static final int SLOPE = 25;
  private static final double FILL = 0.8;
  private static final Color INK = new Color(0x1c1c1c);
  private static final Color GRID = new Color(0xd8d8d8);

  private Drawing() {}

  /** Bars, side by side; the value axis is logarithmic. */
  static CategoryChart logarithmicBars(Table table, String title, DoubleFunction<String> tick) {
    CategoryChart chart = bars(table, title, tick);
    logarithmic(chart.getStyler(), table);
    return chart;
  }

  /** Bars, side by side, from 0. */
  static CategoryChart bars(Table table, String title, DoubleFunction<String> tick) {
    StringColumn categories = table.stringColumn(PLACE);
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(categories.name())
            .yAxisTitle(table.column(VALUE).name())
            .build();
    chart.getStyler().setAvailableSpaceFill(FILL);
    style(chart.getStyler(), title);
    List<String> places = categories.asList().stream().distinct().toList();
    if (places.stream().mapToInt(String::length).sum() > MOST_UPRIGHT) {
      chart.getStyler().setXAxisLabelRotation(SLOPE);
    }
    for (String series : series(table)) {
      List<@Nullable Double> values =
          places.stream()
              .<@Nullable Double>map(place -> value(table, series, place).orElse(null))
              .toList();
      chart.addSeries(series, places, values).setFillColor(Look.of(series).color());
    }
    chart.setCustomYAxisTickLabelsFormatter(tick::apply);
    return chart;
  }

  /** Lines with a marker a point; the value axis is logarithmic. */
  static XYChart logarithmicLines(
      Table table, String title, DoubleFunction<String> placeTick, DoubleFunction<String> tick) {
    XYChart chart = lines(table, title, placeTick, tick);
    logarithmic(chart.getStyler(), table);
    return chart;
  }

  /**
   * Lines with a marker a point.
   *
   * @param table series, place along the axis, value; both titles are those of the columns
   * @param placeTick the text of a place
   * @param tick the text of a value
   */
  public static XYChart lines(
      Table table, String title, DoubleFunction<String> placeTick, DoubleFunction<String> tick) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(table.column(PLACE).name())
            .yAxisTitle(table.column(VALUE).name())
            .build();
    style(chart.getStyler(), title);
    chart.getStyler().setMarkerSize(MARKER);
    for (String series : series(table)) {
      Table own = table.where(table.stringColumn(SERIES).isEqualTo(series));
      chart
          .addSeries(series, doubles(own, PLACE), doubles(own, VALUE))
          .setMarker(SeriesMarkers.CIRCLE)
          .setMarkerColor(Look.of(series).color())
          .setLineColor(Look.of(series).color())
          .setLineStyle(Look.stroke(series));
    }
    chart.setCustomXAxisTickLabelsFormatter(placeTick::apply);
    chart.setCustomYAxisTickLabelsFormatter(tick::apply);
    return chart;
  }

  private static List<String> series(Table table) {
    return table.stringColumn(SERIES).asList().stream().distinct().toList();
  }

  private static Optional<Double> value(Table table, String series, String place) {
    DoubleColumn values =
        table
            .where(
                table
                    .stringColumn(SERIES)
                    .isEqualTo(series)
                    .and(table.stringColumn(PLACE).isEqualTo(place)))
            .doubleColumn(VALUE);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  private static double[] doubles(Table table, int column) {
    return table.doubleColumn(column).asDoubleArray();
  }

  /** Whole decades, so that a bar's length begins at a line of the grid. */
  private static void logarithmic(AxesChartStyler styler, Table table) {
    DoubleColumn values = table.doubleColumn(VALUE);
    styler
        .setYAxisLogarithmic(true)
        .setYAxisLogarithmicDecadeOnly(true)
        .setYAxisMin(decade(Math.floor(Math.log10(values.min()))))
        .setYAxisMax(decade(Math.floor(Math.log10(values.max())) + 1));
  }

  private static double decade(double exponent) {
    return Math.pow(10, exponent);
  }

  private static void style(AxesChartStyler styler, String title) {
    styler
        .setAxisTitleFont(font(Font.BOLD, 14))
        .setAxisTickLabelsFont(font(Font.PLAIN, 13))
        .setAxisTickLabelsColor(INK)
        .setAxisTickPadding(6)
        .setPlotGridLinesColor(GRID)
        .setPlotGridLinesStroke(new BasicStroke(1))
        .setPlotGridVerticalLinesVisible(false)
        .setChartBackgroundColor(Color.WHITE)
        .setChartFontColor(INK)
        .setChartTitleFont(font(Font.BOLD, title.length() > LONG_TITLE ? 15 : 17))
        .setChartTitlePadding(8)
        .setChartTitleBoxVisible(false)
        .setChartPadding(14)
        .setLegendFont(font(Font.PLAIN, 14))
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendBorderColor(Color.WHITE)
        .setPlotBorderColor(Color.decode(Palette.PLAIN.line()))
        .setAntiAlias(true);
  }

  private static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }
}
