package dev.genpt.bench;

import dev.genpt.bits.Log2;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One case: entries of one size in one format, measured on each engine in turn.
 *
 * @param format name of the format
 * @param pageSizeLg2 bytes of an entry, lg2
 * @param count entries whose time is told
 * @param mode how they come about
 * @param state what else the JVM has loaded
 */
public record BenchCase(String format, int pageSizeLg2, int count, Mode mode, State state) {
  private static final int RUN = 256;

  /** Threads that do the same at once. */
  public int threads() {
    return mode == Mode.TWO_THREADS ? 2 : 1;
  }

  /** How often one go of a subject does what the case's time is told for. */
  public int repeats() {
    int calls = Layout.of(this, 0).calls();
    return mode == Mode.BATCHED ? calls / count : calls;
  }

  /** What is measured, in the order of one round. */
  public List<Phase> phases() {
    BenchFormat traits = BenchFormat.byName(format);
    boolean hasOld = (traits.oldPageSizes() & Log2.toValue(pageSizeLg2)) != 0;
    List<Phase> phases = new ArrayList<>();
    for (Operation operation : operations(traits)) {
      for (Engine engine : Engine.values()) {
        if (engine != Engine.OLD || hasOld) {
          phases.add(new Phase(operation, engine, mode));
          if (mode == Mode.TWO_THREADS) {
            phases.add(new Phase(operation, engine, Mode.IN_TURNS));
          }
        }
      }
    }
    return phases;
  }

  private List<Operation> operations(BenchFormat traits) {
    return switch (mode) {
      case GROWTH -> List.of(Operation.MAP);
      case BATCHED ->
          count == 1
              ? List.of(Operation.MAP, Operation.UNMAP, Operation.IOVA_TO_PHYS)
              : List.of(Operation.MAP, Operation.UNMAP);
      case DISCRETE ->
          count == RUN && traits.supportsDirty()
              ? List.of(Operation.MAP, Operation.UNMAP, Operation.READ_DIRTY)
              : List.of(Operation.MAP, Operation.UNMAP);
      case CONTIGUOUS, TWO_THREADS, IN_TURNS -> List.of(Operation.MAP, Operation.UNMAP);
    };
  }

  /** The case as one word, in the order of the columns of a recorded run. */
  public String id() {
    return "%s:%d:%d:%s:%s".formatted(format, pageSizeLg2, count, name(mode), name(state));
  }

  /** The case that {@link #id} wrote. */
  public static BenchCase parse(String id) {
    String[] parts = id.split(":", -1);
    return new BenchCase(
        parts[0],
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Mode.valueOf(parts[3].toUpperCase(Locale.ROOT)),
        State.valueOf(parts[4].toUpperCase(Locale.ROOT)));
  }

  /** A constant as it stands in files. */
  public static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
