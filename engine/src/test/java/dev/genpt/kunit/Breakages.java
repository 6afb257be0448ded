package dev.genpt.kunit;

import dev.genpt.bits.Log2;
import dev.genpt.fixture.DelegatingFormat;
import dev.genpt.kunit.BrokenDefinition.Breakage;
import dev.genpt.memory.PhysicalMemory;
import dev.genpt.table.EntryType;
import dev.genpt.table.Protection;

/** Ways to break a format, each in one function and each of another kind. */
final class Breakages {
  private static final long BIT_51 = 1L << 51;
  private static final long BIT_7 = 1L << 7;
  private static final int LG2_512G = 39;

  private Breakages() {}

  /** A bit: software bit 1 lies in the address. */
  static final Breakage BIT =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public long softwareBit(int n) {
              return n == 1 ? BIT_51 : super.softwareBit(n);
            }
          };

  /** A mask: the address that is read lacks its highest bit of 52. */
  static final Breakage MASK =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public long entryOa(long word, int level) {
              return super.entryOa(word, level) & ~BIT_51;
            }
          };

  /** A count of contiguous items: never read as more than four. */
  static final Breakage CONTIGUOUS_COUNT =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public int contigLg2(long word, int level) {
              return Math.min(super.contigLg2(word, level), 2);
            }
          };

  /** A rule about levels: leaves are known up to level 2 only, as other formats have them. */
  static final Breakage LEVEL_RULE =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public EntryType typeOf(long word, int level) {
              EntryType type = super.typeOf(word, level);
              return level > 2 && type == EntryType.LEAF ? EntryType.TABLE : type;
            }
          };

  /** A bitmap of page sizes: the 512 GiB that hardware does not take are offered. */
  static final Breakage PAGE_SIZES =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public long possibleSizes(int level) {
              return super.possibleSizes(level) | (level == 3 ? Log2.toValue(LG2_512G) : 0);
            }
          };

  /** A permission: without READ and WRITE, READ is taken as meant. */
  static final Breakage PERMISSION =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public long attributesFor(int protection) {
              return super.attributesFor(
                  (protection & Protection.READ_WRITE) == 0
                      ? protection | Protection.READ
                      : protection);
            }
          };

  /** Dirty over items: the first item answers for the whole entry. */
  static final Breakage DIRTY_ITEMS =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public boolean isEntryDirty(
                PhysicalMemory memory, long table, int index, int contigLg2) {
              return super.isEntryDirty(memory, table, index, 0);
            }
          };

  /** Recovery of attributes: bit 7, which goes with the permission to write, is forgotten. */
  static final Breakage ATTRIBUTES =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public long attributesOf(long word, int level) {
              return super.attributesOf(word, level) & ~BIT_7;
            }
          };

  /** A prefix: the bits above the width must be ones. */
  static final Breakage PREFIX =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public long vaPrefix() {
              return -1L;
            }
          };

  /** The length of a clear: the last of several items stays. */
  static final Breakage CLEAR_LENGTH =
      (definition, sound) ->
          new DelegatingFormat(definition, sound) {
            @Override
            public void clear(PhysicalMemory memory, long table, int index, int items) {
              super.clear(memory, table, index, Math.max(1, items - 1));
            }
          };
}
