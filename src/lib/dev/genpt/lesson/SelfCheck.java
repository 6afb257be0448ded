package dev.genpt.lesson;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.show.Check;
import dev.genpt.show.Kernel;
import dev.genpt.show.Show;
import dev.genpt.table.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChartBuilder;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Does everything work that the lessons need? */
public final class SelfCheck {
  private static final int LEAST_JDK = 25;
  private static final String GOOD = "works";

  private final List<String> parts = new ArrayList<>();
  private final List<String> found = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private SelfCheck() {}

  /** Tries every part, shows what it found, and says in one sentence whether all is well. */
  public static void show() {
    var check = new SelfCheck();
    check.run();
    Show.text(check.list());
    Check.that(
        check.problems.isEmpty(),
        "Everything works.",
        "This does not work: %s. Start the lessons with ./jbang lab."
            .formatted(String.join("; ", check.problems)));
  }

  private void run() {
    probe("Java kernel", () -> Kernel.running().map(Kernel::name).orElse("none: text only"));
    probe("JDK", SelfCheck::jdk);
    probe("engine", SelfCheck::engine);
    probe("tables, by Tablesaw", SelfCheck::tables);
    probe("charts, by XChart", SelfCheck::charts);
  }

  private void probe(String part, Supplier<String> attempt) {
    parts.add(part);
    try {
      found.add(attempt.get());
    } catch (RuntimeException | LinkageError e) {
      found.add("fails: " + e);
      problems.add(part);
    }
  }

  private static String jdk() {
    int feature = Runtime.version().feature();
    if (feature < LEAST_JDK) {
      throw new IllegalStateException("JDK %d, and %d is needed".formatted(feature, LEAST_JDK));
    }
    return "" + feature;
  }

  private static String engine() {
    try (IommuDomain domain = Domains.amdv1("self-check")) {
      domain.map(0x1000, 0x5000, 0x1000, Protection.READ);
      if (domain.iovaToPhys(0x1234) != 0x5234) {
        throw new IllegalStateException("0x1234 does not lead to 0x5234");
      }
      return "maps a page and finds it again";
    }
  }

  private static String tables() {
    Table table = Table.create(IntColumn.create("n", 1, 2), StringColumn.create("s", "a", "b"));
    if (table.rowCount() != 2) {
      throw new IllegalStateException("a table of two rows has " + table.rowCount());
    }
    return GOOD;
  }

  private static String charts() {
    var chart = new XYChartBuilder().width(200).height(150).build();
    chart.addSeries("line", new double[] {0, 1}, new double[] {0, 1});
    BitmapEncoder.getBufferedImage(chart);
    return GOOD;
  }

  private String list() {
    var list = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      list.append("%-20s %s\n".formatted(parts.get(i), found.get(i)));
    }
    return list.toString();
  }
}
