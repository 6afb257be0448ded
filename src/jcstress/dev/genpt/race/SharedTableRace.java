package dev.genpt.race;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Threads work on disjoint ranges that share tables: nobody sees another's work in his own range.
 */
public final class SharedTableRace {
  private SharedTableRace() {}

  /** Both write leaves into the same table of level 0. */
  @JCStressTest
  @Description("Two mappers lay leaves side by side in one table.")
  @Outcome(id = "mapped, mapped, 3", expect = ACCEPTABLE, desc = "both leaves")
  @Outcome(expect = FORBIDDEN, desc = "a leaf or a table is lost")
  @State
  public static class MapBesideMap extends Race {
    public MapBesideMap() {
      map(8 * PAGE, PAGE);
    }

    @Actor
    public void first() {
      map(0, 4 * PAGE);
    }

    @Actor
    public void second() {
      map(4 * PAGE, 4 * PAGE);
    }

    @Arbiter
    public void end(LLI_Result r) {
      r.r1 = translated(3 * PAGE);
      r.r2 = translated(4 * PAGE);
      r.r3 = tablesAtTheEnd();
    }
  }

  /** One frees a table of level 0, the other makes one, under the same table of level 1. */
  @JCStressTest
  @Description(
      "One thread maps where a table is missing, another unmaps a whole table, under one upper table.")
  @Outcome(
      id = "mapped, nothing, 3",
      expect = ACCEPTABLE,
      desc = "the page is there, and the other table is gone")
  @Outcome(expect = FORBIDDEN, desc = "a page is lost or stays, or a table does")
  @State
  public static class MapBesideUnmap extends Race {
    public MapBesideUnmap() {
      map(M2, M2 - PAGE);
      map(2 * M2 - PAGE, PAGE);
    }

    @Actor
    public void mapper() {
      map(0, PAGE);
    }

    @Actor
    public void unmapper() {
      domain.unmap(M2, M2);
    }

    @Arbiter
    public void end(LLI_Result r) {
      r.r1 = translated(0);
      r.r2 = translated(M2);
      r.r3 = tablesAtTheEnd();
    }
  }

  /** A neighbour's map makes a table below a table that the translation passes. */
  @JCStressTest
  @Description("An address is translated while its neighbours are mapped.")
  @Outcome(id = "mapped, nothing", expect = ACCEPTABLE, desc = "the page and the hole, as before")
  @Outcome(expect = FORBIDDEN, desc = "a neighbour's map is seen in another's range")
  @State
  public static class TranslateBesideMap extends Race {
    public TranslateBesideMap() {
      map(0, PAGE);
    }

    @Actor
    public void mapper() {
      map(2 * PAGE, PAGE);
      map(M2, PAGE);
    }

    @Actor
    public void reader(LL_Result r) {
      r.r1 = translated(0);
      r.r2 = translated(PAGE);
    }

    @Arbiter
    public void end(LL_Result r) {
      tablesAtTheEnd();
    }
  }

  /** A neighbour's unmap frees a table below a table that the translation passes. */
  @JCStressTest
  @Description(
      "An address is translated while its neighbours are unmapped and their table is freed and used again.")
  @Outcome(id = "mapped, nothing", expect = ACCEPTABLE, desc = "the page and the hole, as before")
  @Outcome(expect = FORBIDDEN, desc = "a neighbour's unmap is seen in another's range")
  @State
  public static class TranslateBesideUnmap extends Race {
    public TranslateBesideUnmap() {
      map(0, PAGE);
      map(M2, M2 - PAGE);
      map(2 * M2 - PAGE, PAGE);
    }

    @Actor
    public void unmapper() {
      domain.unmap(M2, M2);
      map(2 * M2, PAGE);
    }

    @Actor
    public void reader(LL_Result r) {
      r.r1 = translated(0);
      r.r2 = translated(PAGE);
    }

    @Arbiter
    public void end(LL_Result r) {
      tablesAtTheEnd();
    }
  }
}
