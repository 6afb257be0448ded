package dev.genpt.dma;

import dev.genpt.device.TraceEntry;
import dev.genpt.device.TraceEntry.Kind;
import java.util.ArrayList;
import java.util.List;

/** The life of one buffer in a trace: mapped, used, unmapped. Stateless. */
final class BufferLife {
  private BufferLife() {}

  /** The steps of the buffer that {@code map} maps, from there until it is unmapped. */
  static List<TraceEntry> of(List<TraceEntry> steps, TraceEntry map) {
    List<TraceEntry> life = new ArrayList<>();
    for (TraceEntry step : steps.subList(map.step() - 1, steps.size())) {
      if (step.device().equals(map.device()) && isInside(step, map)) {
        life.add(step);
        if (step.kind() == Kind.UNMAP) {
          break;
        }
      }
    }
    return life;
  }

  private static boolean isInside(TraceEntry step, TraceEntry map) {
    long offset = step.iova() - map.iova();
    return offset >= 0 && offset < map.length();
  }
}
