package dev.genpt.inspect;

import dev.genpt.bits.Log2;
import dev.genpt.inspect.TableTree.EmptyRun;
import dev.genpt.inspect.TableTree.FlawRun;
import dev.genpt.inspect.TableTree.FoldedPointers;
import dev.genpt.inspect.TableTree.LeafRun;
import dev.genpt.inspect.TableTree.Pointer;
import dev.genpt.inspect.TableTree.Row;
import dev.genpt.inspect.TableTree.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the items of one table in order and folds like neighbours into one row. Not thread-safe;
 * one a table.
 */
final class RowFolder {
  private final List<Row> rows = new ArrayList<>();

  List<Row> rows() {
    return rows;
  }

  int flaws() {
    return (int) rows.stream().filter(FlawRun.class::isInstance).count();
  }

  void add(EmptyRun next) {
    if (last().orElse(null) instanceof EmptyRun run && run.word() == next.word()) {
      replaceLast(
          new EmptyRun(run.firstIndex(), run.items() + next.items(), run.iova(), run.word()));
    } else {
      rows.add(next);
    }
  }

  void add(FlawRun next) {
    if (last().orElse(null) instanceof FlawRun run
        && run.word() == next.word()
        && run.reason().equals(next.reason())) {
      replaceLast(
          new FlawRun(
              run.firstIndex(), run.items() + next.items(), run.iova(), run.word(), run.reason()));
    } else {
      rows.add(next);
    }
  }

  void add(LeafRun next) {
    Optional<LeafRun> joined =
        last().orElse(null) instanceof LeafRun run ? join(run, next) : Optional.empty();
    if (joined.isPresent()) {
      replaceLast(joined.get());
    } else {
      rows.add(next);
    }
  }

  void add(Pointer next) {
    Optional<FoldedPointers> folded =
        next.unknownBits() == 0
            ? last().flatMap(previous -> fold(previous, next))
            : Optional.empty();
    if (folded.isPresent()) {
      replaceLast(folded.get());
    } else {
      rows.add(next);
    }
  }

  private static Optional<FoldedPointers> fold(Row previous, Pointer next) {
    Optional<LeafRun> full = leavesOf(next.table());
    return switch (previous) {
      case FoldedPointers folded ->
          full.flatMap(run -> join(folded.leaves(), run))
              .map(run -> new FoldedPointers(with(folded.pointers(), next), run));
      case Pointer first when first.unknownBits() == 0 ->
          leavesOf(first.table())
              .flatMap(start -> full.flatMap(run -> join(start, run)))
              .map(run -> new FoldedPointers(List.of(first, next), run));
      default -> Optional.empty();
    };
  }

  private static List<Pointer> with(List<Pointer> pointers, Pointer next) {
    List<Pointer> all = new ArrayList<>(pointers);
    all.add(next);
    return all;
  }

  /** The one run of leaves that fills a table to the last item, at whatever level it lies. */
  private static Optional<LeafRun> leavesOf(Table table) {
    if (table.rows().size() != 1) {
      return Optional.empty();
    }
    return switch (table.rows().getFirst()) {
      case LeafRun run -> Optional.of(run);
      case FoldedPointers folded -> Optional.of(folded.leaves());
      default -> Optional.empty();
    };
  }

  /** Both runs as one, if the second carries on where the first ends. */
  private static Optional<LeafRun> join(LeafRun run, LeafRun next) {
    boolean alike =
        run.sizeLg2() == next.sizeLg2()
            && run.attributes() == next.attributes()
            && run.otherBits() == next.otherBits();
    if (!alike) {
      return Optional.empty();
    }
    long size = Log2.toValue(run.sizeLg2());
    long step = run.outputStep();
    if (run.leaves() == 1 && next.outputAddress() == run.outputAddress()) {
      step = 0;
    }
    boolean nextKeepsStep = next.leaves() == 1 || next.outputStep() == step;
    boolean carriesOn =
        next.outputAddress() == run.outputAddress() + run.leaves() * step && nextKeepsStep;
    return carriesOn && (step == size || step == 0)
        ? Optional.of(
            new LeafRun(
                run.firstIndex(),
                run.items() + next.items(),
                run.iova(),
                run.leaves() + next.leaves(),
                run.sizeLg2(),
                run.outputAddress(),
                step,
                run.protection(),
                run.attributes(),
                run.written(),
                run.otherBits(),
                run.word(),
                run.unknownBits()))
        : Optional.empty();
  }

  private Optional<Row> last() {
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getLast());
  }

  private void replaceLast(Row row) {
    rows.set(rows.size() - 1, row);
  }
}
