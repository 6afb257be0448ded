package dev.genpt.bench;

import java.util.List;

/** Uses all formats and engines, as a notebook that has run for a while has. */
public final class Warm {
  private static final int ROUNDS = 100;

  private Warm() {}

  /** Runs every operation of some cases of every format on every engine. */
  public static void everything() {
    for (BenchFormat format : BenchFormat.ALL) {
      for (int sizeLg2 : List.of(12, 21)) {
        use(new BenchCase(format.name(), sizeLg2, 256, Mode.DISCRETE, State.LOADED));
        use(new BenchCase(format.name(), sizeLg2, 256, Mode.CONTIGUOUS, State.LOADED));
        use(new BenchCase(format.name(), sizeLg2, 1, Mode.BATCHED, State.LOADED));
      }
    }
  }

  private static void use(BenchCase each) {
    OpenCase open = new OpenCase(each);
    for (Phase phase : each.phases()) {
      Subject subject = open.subject(phase.engine(), 0);
      Operation operation = phase.operation();
      operation.begin(subject);
      for (int round = 0; round < ROUNDS; round++) {
        operation.before(subject);
        operation.run(subject);
        operation.after(subject);
      }
      operation.end(subject);
    }
  }
}
