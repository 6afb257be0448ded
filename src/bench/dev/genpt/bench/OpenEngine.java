package dev.genpt.bench;

import dev.genpt.iommu.IommuDomain;
import dev.genpt.legacy.LegacyDomain;
import dev.genpt.memory.PageAllocator;
import java.util.function.Function;

/** An engine with a domain of its own, on which subjects work. */
final class OpenEngine {
  private final Function<Layout, Subject> subjects;
  private final Runnable close;

  private OpenEngine(Function<Layout, Subject> subjects, Runnable close) {
    this.subjects = subjects;
    this.close = close;
  }

  /** Opens an engine for a case; its tables come from {@code pages}. */
  static OpenEngine of(Engine engine, BenchCase each, PageAllocator pages) {
    BenchFormat format = BenchFormat.byName(each.format());
    CountingDriver driver = new CountingDriver();
    return switch (engine) {
      case NEW -> {
        IommuDomain domain = format.newDomain(pages, driver);
        yield new OpenEngine(layout -> new NewSubject(domain, layout), domain::close);
      }
      case OLD -> {
        LegacyDomain domain = format.oldDomain(pages, driver);
        yield new OpenEngine(layout -> new OldSubject(domain, layout), domain::close);
      }
      case LIMIT -> {
        int leafLevel = format.levelOfSize(each.pageSizeLg2());
        yield new OpenEngine(
            layout ->
                new LimitSubject(layout, format.topLevelFor(layout.lastIova()) - leafLevel + 1),
            () -> {});
      }
    };
  }

  Subject subject(Layout layout) {
    return subjects.apply(layout);
  }

  /** Frees the tables. */
  void close() {
    close.run();
  }
}
