package dev.genpt.inspect;

import dev.genpt.inspect.TableTree.EmptyRun;
import dev.genpt.inspect.TableTree.FlawRun;
import dev.genpt.inspect.TableTree.FoldedPointers;
import dev.genpt.inspect.TableTree.LeafRun;
import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Row;
import dev.genpt.inspect.TableTree.Table;
import dev.genpt.table.PageTableFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tree taken apart again: the words of every table, and every leaf by its input address. */
final class Unfolding {
  private final PageTableFormat format;
  private final Map<Long, long[]> words = new HashMap<>();
  private final List<MappedRange> leaves = new ArrayList<>();

  Unfolding(PageTableFormat format, TableTree tree) {
    this.format = format;
    add(tree.root());
  }

  /** The words of each table, by its address. */
  Map<Long, long[]> words() {
    return words;
  }

  /** Every leaf, in the order of the items. */
  List<MappedRange> leaves() {
    return leaves;
  }

  private void add(Table table) {
    long[] items = new long[table.items()];
    words.put(table.address(), items);
    int next = 0;
    for (Row row : table.rows()) {
      if (row.firstIndex() != next) {
        throw new AssertionError("row at item %d, expected %d".formatted(row.firstIndex(), next));
      }
      next += row.items();
      switch (row) {
        case EmptyRun run -> fill(items, run, run.word());
        case FlawRun run -> fill(items, run, run.word());
        case Pointer pointer -> add(items, pointer);
        case FoldedPointers folded -> folded.pointers().forEach(pointer -> add(items, pointer));
        case LeafRun run -> add(items, table.level(), run);
      }
    }
    if (next != items.length) {
      throw new AssertionError("%d of %d items".formatted(next, items.length));
    }
  }

  private static void fill(long[] items, Row row, long word) {
    for (int i = 0; i < row.items(); i++) {
      items[row.firstIndex() + i] = word;
    }
  }

  private void add(long[] items, Pointer pointer) {
    items[pointer.firstIndex()] = pointer.word();
    add(pointer.table());
  }

  private void add(long[] items, int level, LeafRun run) {
    int itemsPerLeaf = run.items() / (int) run.leaves();
    for (int leaf = 0; leaf < run.leaves(); leaf++) {
      long oa = run.outputAddress() + leaf * run.outputStep();
      long word = format.leafWord(oa, run.sizeLg2(), level, run.attributes()) ^ run.otherBits();
      leaves.add(
          new MappedRange(
              run.iova() + ((long) leaf << run.sizeLg2()),
              oa,
              1L << run.sizeLg2(),
              run.protection()));
      for (int i = 0; i < itemsPerLeaf; i++) {
        items[run.firstIndex() + leaf * itemsPerLeaf + i] =
            word + i * format.itemStep(run.sizeLg2(), level);
      }
    }
  }
}
