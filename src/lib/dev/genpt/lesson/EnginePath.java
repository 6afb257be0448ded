package dev.genpt.lesson;

import dev.genpt.inspect.TableTree;
import dev.genpt.lesson.ObservedMemory.Access;
import dev.genpt.lesson.ObservedMemory.Kind;
import dev.genpt.table.PageTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one engine did to its tables in one operation, access by access.
 *
 * <p>Threads: immutable.
 */
final class EnginePath {
  /**
   * One access.
   *
   * @param level level of the table
   */
  record Step(Kind kind, int level) {
    private boolean isOnTheWayDown() {
      return kind == Kind.READ && level > 0;
    }
  }

  /** Nothing done yet. */
  static final EnginePath NONE = new EnginePath(List.of());

  private final List<Step> steps;

  private EnginePath(List<Step> steps) {
    this.steps = steps;
  }

  /**
   * Does {@code operation} and looks at it. Tables that come or go with it count as well.
   *
   * @param memory where the table lies
   * @param table the table that it concerns
   */
  static EnginePath of(ObservedMemory memory, PageTable table, Runnable operation) {
    Map<Long, Integer> levels = new HashMap<>();
    addLevels(levels, table);
    List<Access> accesses = memory.accessesOf(operation);
    addLevels(levels, table);
    List<Step> steps = new ArrayList<>();
    for (Access access : accesses) {
      Integer level = levels.get(page(access.pa()));
      if (level != null) {
        steps.add(new Step(access.kind(), level));
      }
    }
    return new EnginePath(List.copyOf(steps));
  }

  private static long page(long pa) {
    return pa & -0x1000L;
  }

  private static void addLevels(Map<Long, Integer> levels, PageTable table) {
    addLevels(levels, TableTree.read(table).root());
  }

  private static void addLevels(Map<Long, Integer> levels, TableTree.Table table) {
    levels.put(table.address(), table.level());
    for (TableTree.Row row : table.rows()) {
      switch (row) {
        case TableTree.Pointer pointer -> addLevels(levels, pointer.table());
        case TableTree.FoldedPointers folded ->
            folded.pointers().forEach(pointer -> addLevels(levels, pointer.table()));
        case TableTree.EmptyRun empty -> {}
        case TableTree.LeafRun leaves -> {}
        case TableTree.FlawRun flaws -> {}
      }
    }
  }

  /** The accesses, in order. */
  List<Step> steps() {
    return steps;
  }

  /** How many reads were of a table above the lowest. */
  long readsOnTheWayDown() {
    return steps.stream().filter(Step::isOnTheWayDown).count();
  }

  /** How many accesses of a kind were to the lowest tables. */
  long atTheBottom(Kind kind) {
    return steps.stream().filter(step -> step.level() == 0 && step.kind() == kind).count();
  }
}
