package dev.genpt.kunit;

import dev.genpt.bits.BitField;
import dev.genpt.table.EntryType;
import dev.genpt.table.FormatDefinition;
import dev.genpt.table.PageTableFormat;
import java.util.List;

/**
 * A format that answers as a sound one does, for a subclass to break in one function.
 *
 * <p>It has no shortcuts, which would answer for the function that is broken.
 */
class BrokenFormat extends PageTableFormat {
  private final PageTableFormat sound;

  BrokenFormat(FormatDefinition definition, PageTableFormat sound) {
    super(definition, sound.initialTopLevel(), sound.maxVaLg2(), sound.maxOaLg2());
    this.sound = sound;
  }

  @Override
  public boolean canHaveLeaf(int level) {
    return sound.canHaveLeaf(level);
  }

  @Override
  public long possibleSizes(int level) {
    return sound.possibleSizes(level);
  }

  @Override
  public EntryType typeOf(long word, int level) {
    return sound.typeOf(word, level);
  }

  @Override
  public long tableAddress(long word, int level) {
    return sound.tableAddress(word, level);
  }

  @Override
  public long entryOa(long word, int level) {
    return sound.entryOa(word, level);
  }

  @Override
  public int contigLg2(long word, int level) {
    return sound.contigLg2(word, level);
  }

  @Override
  public long attributesOf(long word, int level) {
    return sound.attributesOf(word, level);
  }

  @Override
  public int protectionOf(long word, int level) {
    return sound.protectionOf(word, level);
  }

  @Override
  public List<BitField> layout(EntryType type, int level) {
    return sound.layout(type, level);
  }

  @Override
  public long attributesFor(int protection) {
    return sound.attributesFor(protection);
  }

  @Override
  public long leafWord(long oa, int sizeLg2, int level, long attributes) {
    return sound.leafWord(oa, sizeLg2, level, attributes);
  }

  @Override
  public long tableWord(long pa, int level) {
    return sound.tableWord(pa, level);
  }

  @Override
  public boolean supportsDirty() {
    return sound.supportsDirty();
  }

  @Override
  public boolean isDirty(long word) {
    return sound.isDirty(word);
  }

  @Override
  public long dirtied(long word) {
    return sound.dirtied(word);
  }

  @Override
  public long cleaned(long word) {
    return sound.cleaned(word);
  }

  @Override
  public int maxSoftwareBit() {
    return sound.maxSoftwareBit();
  }

  @Override
  public long softwareBit(int n) {
    return sound.softwareBit(n);
  }
}
