package dev.genpt.vectors;

import dev.genpt.error.IommuException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One scenario under way: its table, and the answer of each operation in recorded form. What is the
 * same for every engine stands here; an engine says how it does each operation.
 *
 * @param <D> what the operations are done on
 * @param <G> what the engine gathers invalidations in
 */
abstract sealed class Replay<D, G> implements AutoCloseable permits MainlineReplay, LegacyReplay {
  private final G longGather = newGather(false);
  private @Nullable D domain;
  private Answer opening = Answer.empty();

  /** Remembers what making the table came to; {@code made} is null if it could not be made. */
  final void open(@Nullable D made, Answer answer) {
    domain = made;
    opening = answer;
  }

  /** What making the table answered. */
  final Answer opening() {
    return opening;
  }

  /**
   * The table.
   *
   * @throws IllegalStateException if it could not be made
   */
  final D domain() {
    if (domain == null) {
      throw new IllegalStateException("there is no table: " + opening);
    }
    return domain;
  }

  /** What the hardware behind the table was told. */
  abstract EventRecord log();

  abstract G newGather(boolean queued);

  /** A gather as it is shown. */
  abstract Gather shown(G gather);

  abstract void map(D on, Operation.Map map);

  abstract void mapRange(D on, Operation.Map map);

  abstract long unmap(D on, long iova, long length, G gather);

  abstract void sync(D on, G gather);

  /** What a translation answered. */
  abstract Value translate(D on, long iova);

  abstract void setDirty(D on, long iova);

  abstract void readDirty(D on, Operation.ReadDirty read, List<Extent> reports, G gather);

  /** {@code answer} with the level of the root and the tables in use. */
  abstract Answer withState(Answer answer, D of);

  abstract void close(D used);

  /** What the operations of {@code scenario} must answer on this table. */
  abstract Expectation expectation(Scenario scenario);

  /** The table as images. */
  abstract TableImages images();

  /** Does one operation; what it answered. */
  final Answer run(Operation operation) {
    log().clear();
    D on = domain();
    return switch (operation) {
      case Operation.Map map -> finish(mapped(on, map));
      case Operation.Unmap unmap -> unmapAndSync(on, unmap);
      case Operation.UnmapFast unmap -> {
        long unmapped = unmap(on, unmap.iova(), unmap.length(), longGather);
        yield finish(unmapped(unmapped, longGather));
      }
      case Operation.Sync _ -> {
        sync(on, longGather);
        yield finish(Answer.empty());
      }
      case Operation.IovaToPhys at ->
          finish(Answer.empty().with(Answer.PA, translate(on, at.iova())));
      case Operation.SetDirty at -> finish(Answer.of(() -> setDirty(on, at.iova())));
      case Operation.ReadDirty read -> finish(dirty(on, read));
      case Operation.Dump _ -> Answer.empty().with(Answer.TREE, new Value.Tree(images().read()));
    };
  }

  private Answer mapped(D on, Operation.Map map) {
    if (map.allOrNothing()) {
      return Answer.of(() -> map(on, map));
    }
    try {
      mapRange(on, map);
      return Answer.empty()
          .withText(Answer.RC, Answer.SUCCESS)
          .withHex(Answer.MAPPED, map.length());
    } catch (IommuException e) {
      return Answer.failed(e).withHex(Answer.MAPPED, e.bytesDone());
    }
  }

  /** The gather is shown before its flush, the tables in use are counted after it. */
  private Answer unmapAndSync(D on, Operation.Unmap unmap) {
    G gather = newGather(unmap.queued());
    long unmapped = unmap(on, unmap.iova(), unmap.length(), gather);
    Answer answer = log().addTo(unmapped(unmapped, gather));
    sync(on, gather);
    return withState(answer, on);
  }

  private Answer unmapped(long bytes, G gather) {
    return Answer.empty().withHex(Answer.UNMAPPED, bytes).with(Answer.GATHER, shown(gather));
  }

  private Answer dirty(D on, Operation.ReadDirty read) {
    G gather = newGather(false);
    List<Extent> reports = new ArrayList<>();
    return Answer.of(() -> readDirty(on, read, reports, gather))
        .with(Answer.DIRTY, new Value.Extents(Extent.merged(reports)))
        .with(Answer.GATHER, shown(gather));
  }

  private Answer finish(Answer answer) {
    return log().addTo(withState(answer, domain()));
  }

  /** Frees the table. */
  @Override
  public final void close() {
    if (domain != null) {
      close(domain);
    }
  }
}
