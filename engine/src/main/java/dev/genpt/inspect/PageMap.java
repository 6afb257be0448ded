package dev.genpt.inspect;

import dev.genpt.inspect.TableTree.FoldedPointers;
import dev.genpt.inspect.TableTree.LeafRun;
import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Row;
import dev.genpt.inspect.TableTree.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * What a table is for, without the table: which page of the input addresses leads to which frame of
 * the output addresses.
 *
 * @param name whose addresses these are
 * @param leaves in the order of their pages, the first {@value #MOST_LEAVES}
 * @param left how many more there are
 */
public record PageMap(String name, List<Leaf> leaves, long left) {
  /** How many leaves a map lists. */
  public static final int MOST_LEAVES = 64;

  /**
   * A page and its frame.
   *
   * @param iova the page's first input address
   * @param sizeLg2 bytes of both, lg2
   * @param outputAddress the frame's first output address
   */
  public record Leaf(long iova, int sizeLg2, long outputAddress) {
    /** Whether {@code next} begins where this page ends. */
    boolean isFollowedBy(Leaf next) {
      return iova + (1L << sizeLg2) == next.iova;
    }
  }

  /** Copies the list. */
  public PageMap {
    leaves = List.copyOf(leaves);
  }

  /** The leaves of a table. */
  public static PageMap of(String name, TableTree tree) {
    List<LeafRun> runs = new ArrayList<>();
    collect(tree.root(), runs);
    List<Leaf> leaves = new ArrayList<>();
    long all = 0;
    for (LeafRun run : runs) {
      all += run.leaves();
      for (long i = 0; i < run.leaves() && leaves.size() < MOST_LEAVES; i++) {
        leaves.add(
            new Leaf(
                run.iova() + (i << run.sizeLg2()),
                run.sizeLg2(),
                run.outputAddress() + i * run.outputStep()));
      }
    }
    return new PageMap(name, leaves, all - leaves.size());
  }

  private static void collect(Table table, List<LeafRun> runs) {
    for (Row row : table.rows()) {
      switch (row) {
        case LeafRun run -> runs.add(run);
        case FoldedPointers folded -> runs.add(folded.leaves());
        case Pointer pointer -> collect(pointer.table(), runs);
        case TableTree.EmptyRun _, TableTree.FlawRun _ -> {}
      }
    }
  }
}
