package dev.genpt.table;

import dev.genpt.bits.BitField;
import java.util.List;
import java.util.Optional;

/**
 * A format that behaves as another, and gives way to other threads wherever an operation stands
 * between looking at an item and changing it.
 *
 * <p>The operations ask their format for a word just before each compare-and-set: for a pointer
 * before a table is installed, for a software bit before it is set, for the clean or dirty word
 * between load and swap. They ask it for the table behind a pointer just after they installed it.
 * So a format is the place where a test can come in between, and the engine needs no hook.
 */
public final class PausingFormat extends PageTableFormat {
  private final PageTableFormat format;
  private final Runnable pause;

  private PausingFormat(PageTableFormat format, Runnable pause) {
    this.format = format;
    this.pause = pause;
    super(format.definition(), format.initialTopLevel(), format.maxVaLg2(), format.maxOaLg2());
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
    return format.tableWord(pa, level);
  }

  @Override
  public long tableAddress(long word, int level) {
    pause.run();
    return format.tableAddress(word, level);
  }

  @Override
  public long softwareBit(int n) {
    pause.run();
    return format.softwareBit(n);
  }

  @Override
  public long dirtied(long word) {
    pause.run();
    return format.dirtied(word);
  }

  @Override
  public long cleaned(long word) {
    pause.run();
    return format.cleaned(word);
  }

  // ---- The rest is the other's

  @Override
  public long vaPrefix() {
    return format.vaPrefix();
  }

  @Override
  public HardwareInfo hardwareInfo(long root, int topLevel) {
    return format.hardwareInfo(root, topLevel);
  }

  @Override
  public int itemSizeLg2(int level) {
    return format.itemSizeLg2(level);
  }

  @Override
  public int itemsLg2(int level) {
    return format.itemsLg2(level);
  }

  @Override
  public boolean canHaveLeaf(int level) {
    return format.canHaveLeaf(level);
  }

  @Override
  public long possibleSizes(int level) {
    return format.possibleSizes(level);
  }

  @Override
  public int levelOfSize(int sizeLg2) {
    return format.levelOfSize(sizeLg2);
  }

  @Override
  public EntryType typeOf(long word, int level) {
    return format.typeOf(word, level);
  }

  @Override
  public long entryOa(long word, int level) {
    return format.entryOa(word, level);
  }

  @Override
  public int contigLg2(long word, int level) {
    return format.contigLg2(word, level);
  }

  @Override
  public long itemOa(long word, int level, int index) {
    return format.itemOa(word, level, index);
  }

  @Override
  public long attributesOf(long word, int level) {
    return format.attributesOf(word, level);
  }

  @Override
  public int protectionOf(long word, int level) {
    return format.protectionOf(word, level);
  }

  @Override
  public Optional<String> flawOf(long word, int level) {
    return format.flawOf(word, level);
  }

  @Override
  public List<BitField> layout(EntryType type, int level) {
    return format.layout(type, level);
  }

  @Override
  public long attributesFor(int protection) {
    return format.attributesFor(protection);
  }

  @Override
  public long leafWord(long oa, int sizeLg2, int level, long attributes) {
    return format.leafWord(oa, sizeLg2, level, attributes);
  }

  @Override
  public long itemStep(int sizeLg2, int level) {
    return format.itemStep(sizeLg2, level);
  }

  @Override
  protected long presentMask() {
    return format.presentMask();
  }

  @Override
  protected long leafMask(int level) {
    return format.leafMask(level);
  }

  @Override
  protected long leafValue(int level) {
    return format.leafValue(level);
  }

  @Override
  protected long pageStep(int sizeLg2) {
    return format.pageStep(sizeLg2);
  }

  @Override
  protected long markedAddressBits() {
    return format.markedAddressBits();
  }

  @Override
  public boolean supportsDirty() {
    return format.supportsDirty();
  }

  @Override
  public boolean isDirty(long word) {
    return format.isDirty(word);
  }

  @Override
  public int maxSoftwareBit() {
    return format.maxSoftwareBit();
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
