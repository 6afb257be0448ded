package dev.genpt.bench;

import dev.genpt.memory.PageAllocator;
import java.util.EnumMap;
import java.util.Map;

/** A case with all its engines open, each on a domain that its threads share. */
public final class OpenCase {
  private final BenchCase each;
  private final Map<Engine, PageAllocator> pages = new EnumMap<>(Engine.class);
  private final Map<Engine, OpenEngine> engines = new EnumMap<>(Engine.class);

  /** Opens the engines of a case. */
  public OpenCase(BenchCase each) {
    this.each = each;
    for (Phase phase : each.phases()) {
      pages.computeIfAbsent(phase.engine(), engine -> BenchFormat.newPages());
      engines.computeIfAbsent(
          phase.engine(), engine -> OpenEngine.of(engine, each, pages.get(engine)));
    }
  }

  /**
   * The calls of one thread, with the tables that they need.
   *
   * @param lane number of the thread, from 0
   */
  public Subject subject(Engine engine, int lane) {
    Layout layout = Layout.of(each, lane);
    PageAllocator tables = pages.get(engine);
    Subject subject =
        each.mode() == Mode.GROWTH && engine != Engine.LIMIT
            ? new GrowingSubject(layout, () -> OpenEngine.of(engine, each, tables))
            : engines.get(engine).subject(layout);
    subject.map();
    subject.unmap();
    return subject;
  }
}
