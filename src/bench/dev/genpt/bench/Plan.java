package dev.genpt.bench;

import dev.genpt.bits.Log2;
import java.util.ArrayList;
import java.util.List;

/** Which cases a run measures. */
public enum Plan {
  /** Upstream's cases, and the few that the goals name. */
  QUICK {
    @Override
    List<BenchCase> cases(BenchFormat format) {
      String name = format.name();
      List<BenchCase> cases = new ArrayList<>();
      for (int sizeLg2 : SIZES) {
        cases.add(new BenchCase(name, sizeLg2, 1, Mode.DISCRETE, State.ALONE));
        cases.add(new BenchCase(name, sizeLg2, RUN, Mode.DISCRETE, State.ALONE));
      }
      cases.add(new BenchCase(name, PAGE, 1, Mode.BATCHED, State.ALONE));
      cases.add(new BenchCase(name, PAGE, GIBIBYTE, Mode.DISCRETE, State.ALONE));
      cases.add(new BenchCase(name, PAGE, RUN, Mode.DISCRETE, State.LOADED));
      return cases;
    }
  },

  /** Everything. */
  FULL {
    @Override
    List<BenchCase> cases(BenchFormat format) {
      List<BenchCase> cases = new ArrayList<>();
      for (State state : State.values()) {
        addSizes(cases, format, state);
        addRuns(cases, format.name(), state);
      }
      for (int count = 4; count < GIBIBYTE; count *= 4) {
        if (count != RUN) {
          cases.add(new BenchCase(format.name(), PAGE, count, Mode.DISCRETE, State.ALONE));
        }
      }
      cases.add(new BenchCase(format.name(), PAGE, RUN, Mode.TWO_THREADS, State.ALONE));
      if (format.grows()) {
        cases.add(new BenchCase(format.name(), PAGE, 1, Mode.GROWTH, State.ALONE));
      }
      return cases;
    }
  };

  private static final int PAGE = 12;
  private static final int RUN = 256;
  private static final int GIBIBYTE = 1 << 18;
  private static final int LARGEST_LG2 = 39;
  private static final List<Integer> SIZES = List.of(PAGE, 21, 30);

  abstract List<BenchCase> cases(BenchFormat format);

  /** The cases of every format, one format after the other. */
  public List<BenchCase> cases() {
    return BenchFormat.ALL.stream().flatMap(format -> cases(format).stream()).toList();
  }

  /** Names of the formats that are measured. */
  public static List<String> formats() {
    return BenchFormat.ALL.stream().map(BenchFormat::name).toList();
  }

  /** One entry of every size; of three sizes when everything is loaded. */
  private static void addSizes(List<BenchCase> cases, BenchFormat format, State state) {
    for (int sizeLg2 = PAGE; sizeLg2 <= LARGEST_LG2; sizeLg2++) {
      boolean wanted = state == State.ALONE || SIZES.contains(sizeLg2);
      if (wanted && (format.pageSizes() & Log2.toValue(sizeLg2)) != 0) {
        cases.add(new BenchCase(format.name(), sizeLg2, 1, Mode.DISCRETE, state));
      }
    }
  }

  private static void addRuns(List<BenchCase> cases, String format, State state) {
    for (int sizeLg2 : SIZES) {
      cases.add(new BenchCase(format, sizeLg2, RUN, Mode.DISCRETE, state));
      cases.add(new BenchCase(format, sizeLg2, RUN, Mode.CONTIGUOUS, state));
      cases.add(new BenchCase(format, sizeLg2, 1, Mode.BATCHED, state));
    }
    cases.add(new BenchCase(format, PAGE, GIBIBYTE, Mode.DISCRETE, state));
    cases.add(new BenchCase(format, PAGE, GIBIBYTE, Mode.BATCHED, state));
  }
}
