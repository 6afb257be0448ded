package dev.genpt.table;

import dev.genpt.fixture.DelegatingFormat;
import java.util.List;

/**
 * A format that behaves as another, and gives way to other threads wherever an operation stands
 * between looking at an item and changing it.
 *
 * <p>The operations ask their format for a word just before each compare-and-set: for a pointer
 * before a table is installed, for a software bit before it is set, for the clean or dirty word
 * between load and swap. They ask it for the table behind a pointer just after they installed it.
 * So a format is the place where a test can come in between, and the engine needs no hook.
 */
public final class PausingFormat extends DelegatingFormat {
  private final PageTableFormat format;
  private final Runnable pause;

  private PausingFormat(PageTableFormat format, Runnable pause) {
    this.format = format;
    this.pause = pause;
    super(format.definition(), format);
  }

  /**
   * A definition whose formats pause.
   *
   * @param pause what is run between look and change, by any thread
   */
  public static FormatDefinition of(FormatDefinition definition, Runnable pause) {
    return new Definition(definition, pause);
  }

  @Override
  public long tableWord(long pa, int level) {
    pause.run();
    return super.tableWord(pa, level);
  }

  @Override
  public long tableAddress(long word, int level) {
    pause.run();
    return super.tableAddress(word, level);
  }

  @Override
  public long softwareBit(int n) {
    pause.run();
    return super.softwareBit(n);
  }

  @Override
  public long dirtied(long word) {
    pause.run();
    return super.dirtied(word);
  }

  @Override
  public long cleaned(long word) {
    pause.run();
    return super.cleaned(word);
  }

  /** Those of the other, so that runs are handled as in use; pointers are asked about. */
  @Override
  protected WordMasks masks(int level) {
    return format.masks(level).table(0, 0);
  }

  private record Definition(FormatDefinition definition, Runnable pause)
      implements FormatDefinition {
    @Override
    public String name() {
      return definition.name();
    }

    @Override
    public String title() {
      return definition.title();
    }

    @Override
    public Geometry geometry() {
      return definition.geometry();
    }

    @Override
    public List<Feature> privateFeatures() {
      return definition.privateFeatures();
    }

    @Override
    public int supportedFeatures() {
      return definition.supportedFeatures();
    }

    @Override
    public int forcedFeatures() {
      return definition.forcedFeatures();
    }

    @Override
    public PageTableFormat configure(FormatConfig config) {
      return new PausingFormat(definition.configure(config), pause);
    }
  }
}
