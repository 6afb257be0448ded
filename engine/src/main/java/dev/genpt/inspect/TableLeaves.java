package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.inspect.TableTree.EmptyRun;
import dev.genpt.inspect.TableTree.FlawRun;
import dev.genpt.inspect.TableTree.FoldedPointers;
import dev.genpt.inspect.TableTree.LeafRun;
import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Table;
import dev.genpt.table.PageTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Every leaf of a page table by itself, and everything in the table that hardware would not take.
 *
 * <p>It is what {@link TableTree} reads by its checked walk, with the rows unfolded: a leaf of
 * several items is one leaf. Immutable; any thread may use it.
 *
 * @param leaves in the order of the items, so those of a sign-extended upper half come last
 * @param flaws in the order of the items
 */
public record TableLeaves(List<Leaf> leaves, List<Flaw> flaws) {
  /**
   * A leaf.
   *
   * @param iova first input address
   * @param sizeLg2 bytes, lg2
   * @param outputAddress output address of the first byte
   * @param protection what it and the pointers above it allow, as {@link
   *     dev.genpt.table.Protection} bits
   * @param item its first item, or the one that was asked for
   */
  public record Leaf(long iova, int sizeLg2, long outputAddress, int protection, Item item) {}

  /**
   * Items that hardware would not take, or that lead nowhere.
   *
   * @param iova input address of the first item
   * @param items how many
   * @param reason why, in a few words
   * @param item the first one
   */
  public record Flaw(long iova, int items, String reason, Item item) {}

  /** Copies the lists. */
  public TableLeaves {
    leaves = List.copyOf(leaves);
    flaws = List.copyOf(flaws);
  }

  /**
   * Reads all of {@code table} as it is now; see {@link TableTree#read}.
   *
   * @throws dev.genpt.error.IommuException EIO if the root itself is outside RAM
   */
  public static TableLeaves of(PageTable table) {
    var unfolding = new Unfolding(table);
    unfolding.add(TableTree.read(table).root(), -1);
    return new TableLeaves(unfolding.leaves, unfolding.flaws);
  }

  /** Takes rows apart. Not thread-safe; one a read. */
  private static final class Unfolding {
    private final PageTable pageTable;
    private final TableShape shape;
    private final List<Leaf> leaves = new ArrayList<>();
    private final List<Flaw> flaws = new ArrayList<>();

    Unfolding(PageTable pageTable) {
      this.pageTable = pageTable;
      shape = new TableShape(pageTable);
    }

    /**
     * Adds what is in a table.
     *
     * @param allowed what the pointers above let through
     */
    void add(Table table, int allowed) {
      for (TableTree.Row row : table.rows()) {
        switch (row) {
          case EmptyRun _ -> {}
          case Pointer pointer -> add(table, pointer, allowed);
          case FoldedPointers folded ->
              folded.pointers().forEach(pointer -> add(table, pointer, allowed));
          case LeafRun run -> add(table, run, allowed);
          case FlawRun run -> {
            var item = new Item(table.level(), table.address(), run.firstIndex(), run.word());
            flaws.add(new Flaw(run.iova(), run.items(), run.reason(), item));
          }
        }
      }
    }

    private void add(Table table, Pointer pointer, int allowed) {
      int below = pageTable.format().protectionBelow(pointer.word(), table.level());
      add(pointer.table(), allowed & below);
    }

    private void add(Table table, LeafRun run, int allowed) {
      int itemsOfLeaf = run.items() / (int) run.leaves();
      for (int leaf = 0; leaf < run.leaves(); leaf++) {
        int index = run.firstIndex() + leaf * itemsOfLeaf;
        long word = pageTable.format().load(pageTable.memory(), table.address(), index);
        long indexed = run.iova() + ((long) leaf << run.sizeLg2());
        leaves.add(
            new Leaf(
                shape.addressOf(Log2.mod(indexed, shape.widthLg2())),
                run.sizeLg2(),
                run.outputAddress() + leaf * run.outputStep(),
                run.protection() & allowed,
                new Item(table.level(), table.address(), index, word)));
      }
    }
  }
}
