package dev.genpt.vectors;

import java.util.List;
import java.util.function.Function;

/**
 * Rule 3: a dirty contiguous leaf was recorded one item short, any other large leaf with its full
 * size from where the query entered it. Each dirty leaf must be reported cut to the query; and as a
 * leaf is cleaned as a whole, the gather must hold the whole leaf.
 */
final class DirtyExtentRule implements Rule {
  @Override
  public int number() {
    return 3;
  }

  @Override
  public Answer correct(Situation at, Answer recorded) {
    if (!(at.operation() instanceof Operation.ReadDirty read)
        || !recorded.rc().equals(Answer.SUCCESS)) {
      return recorded;
    }
    List<DirtyLeaf> leaves =
        DirtyLeaf.in(at.pageTable(), read.iova(), read.iova() + read.length() - 1);
    Answer corrected = recorded;
    if (recorded.holds(Answer.DIRTY, extents(leaves, DirtyLeaf::reportedUpstream))) {
      corrected = corrected.with(Answer.DIRTY, extents(leaves, DirtyLeaf::due));
    }
    if (read.clear()
        && recorded.holds(Answer.GATHER, gather(leaves, DirtyLeaf::reportedUpstream))) {
      corrected = corrected.with(Answer.GATHER, gather(leaves, DirtyLeaf::whole));
    }
    return corrected;
  }

  private static Value extents(List<DirtyLeaf> leaves, Function<DirtyLeaf, Extent> report) {
    return new Value.Extents(Extent.merged(leaves.stream().map(report).toList()));
  }

  private static Gather gather(List<DirtyLeaf> leaves, Function<DirtyLeaf, Extent> span) {
    Gather gather = Gather.UNTOUCHED;
    for (DirtyLeaf leaf : leaves) {
      Extent extent = span.apply(leaf);
      gather = gather.add(extent.start(), extent.length());
    }
    return gather;
  }
}
