package dev.genpt.show;

import dev.genpt.inspect.SvgView;
import dev.genpt.inspect.TableTree;
import dev.genpt.inspect.WalkTrace;
import dev.genpt.iommu.IommuDomain;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of a picture story.
 *
 * @param svg the picture
 * @param sentence what happens in it
 */
public record Frame(String svg, String sentence) {
  /** The whole table as it is now. */
  public static Frame ofTree(IommuDomain domain, String sentence) {
    return new Frame(SvgView.tree(TableTree.read(domain.pageTable())), sentence);
  }

  /** A walk: the address, then a frame for each table that is read. */
  static List<Frame> ofWalk(WalkTrace trace) {
    List<Frame> frames = new ArrayList<>();
    String outcome = trace.outcome().sentence();
    if (trace.steps().isEmpty()) {
      return List.of(new Frame(SvgView.walk(trace), outcome));
    }
    frames.add(
        new Frame(
            SvgView.walk(trace, 0),
            "The device asks for input address %#x. Its bits are cut into one index a level, and the offset."
                .formatted(trace.iova())));
    for (int i = 1; i <= trace.steps().size(); i++) {
      frames.add(new Frame(SvgView.walk(trace, i), trace.steps().get(i - 1).sentence()));
    }
    return frames;
  }
}
