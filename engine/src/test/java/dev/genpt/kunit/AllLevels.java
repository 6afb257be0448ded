package dev.genpt.kunit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.genpt.bits.Log2;
import dev.genpt.table.Cursor;
import dev.genpt.table.EntryType;
import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;
import dev.genpt.table.Protection;
import dev.genpt.table.Range;
import java.util.function.Consumer;

/**
 * The driver of the cases that look at one item of every level (upstream: {@code
 * check_all_levels}).
 *
 * <p>It maps the last page of the input addresses, so that there is a table of each level, all of
 * them in use at their last index only.
 */
final class AllLevels {
  private final PageTable table;
  private final Consumer<Cursor> action;

  private AllLevels(PageTable table, Consumer<Cursor> action) {
    this.table = table;
    this.action = action;
  }

  /**
   * Calls {@code action} for each level, 0 first, with a cursor that is loaded at an empty item:
   * index 0, or 1 where the root has grown. It may use any item but the last, and leaves them
   * empty.
   */
  static void check(KunitFixture fixture, Consumer<Cursor> action) {
    PageTable table = fixture.table();
    Range top = Range.top(table);
    long last =
        table.has(Feature.DYNAMIC_TOP) && table.maxVaLg2() > top.widthLg2()
            ? Log2.toMax(table.maxVaLg2())
            : top.lastVa();
    long page = last - (fixture.smallest() - 1);
    fixture.domain().map(page, 0, fixture.smallest(), Protection.READ_WRITE);
    new AllLevels(table, action).visit(new Cursor(Range.of(table, page, last)));
  }

  /** As {@link #check}, for the levels that can have leaves. */
  static void checkLeaves(KunitFixture fixture, Consumer<Cursor> action) {
    check(
        fixture,
        at -> {
          if (at.canHaveLeaf()) {
            action.accept(at);
          }
        });
  }

  private void visit(Cursor at) {
    assertEquals(lastIndex(at), at.index(), () -> "index at level " + at.level());
    if (at.level() > 0) {
      assertEquals(EntryType.TABLE, at.load(), () -> "entry at level " + at.level());
      visit(at.descend());
      assertNotEquals(0, at.index());
    }
    assertTrue(at.endIndex() > 1);
    at.setIndex(0);
    if (at.load() == EntryType.TABLE && at.endIndex() > 2) {
      at.setIndex(1);
      at.load();
    }
    action.accept(at);
  }

  /** The last index of the walked half where addresses are sign extended. */
  private int lastIndex(Cursor at) {
    boolean halved = at.level() == at.range().topLevel() && table.has(Feature.SIGN_EXTEND);
    int items = halved ? at.itemsLg2() - 1 : at.itemsLg2();
    return (int) Log2.toMax(items);
  }
}
