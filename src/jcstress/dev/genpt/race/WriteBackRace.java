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
 * The device does not look into CPU caches: whatever it can reach has been written back, and when a
 * map returns the device can reach it.
 */
public final class WriteBackRace {
  private WriteBackRace() {}

  /** The hardware walks all the time. */
  @JCStressTest
  @Description(
      "A device without a view of the caches walks to an address while it is mapped, tables and all.")
  @Outcome(
      id = "nothing, mapped",
      expect = ACCEPTABLE,
      desc = "walked before the last pointer or the leaf was in memory")
  @Outcome(id = "mapped, mapped", expect = ACCEPTABLE, desc = "walked after")
  @Outcome(
      expect = FORBIDDEN,
      desc = "a table was reached that is not in memory, or the map returned too early")
  @State
  public static class ChildBeforePointer extends Race.Unsnooped {
    @Actor
    public void mapper(LL_Result r) {
      map(0, PAGE);
      r.r2 = walked(0);
    }

    @Actor
    public void device(LL_Result r) {
      r.r1 = walked(0);
    }

    @Arbiter
    public void end(LL_Result r) {
      tablesAtTheEnd();
    }
  }

  /** Each returns only when the pointers on its way are in memory, whoever installed them. */
  @JCStressTest
  @Description(
      "Two mappers share tables; each looks through the hardware's eyes when its map returns.")
  @Outcome(
      id = "mapped, mapped, 4",
      expect = ACCEPTABLE,
      desc = "both in memory when the map returned")
  @Outcome(
      expect = FORBIDDEN,
      desc = "a map returned before another's pointer was in memory, or a table is lost")
  @State
  public static class OthersPointer extends Race.Unsnooped {
    @Actor
    public void first(LLI_Result r) {
      map(0, PAGE);
      r.r1 = walked(0);
    }

    @Actor
    public void second(LLI_Result r) {
      map(PAGE, PAGE);
      r.r2 = walked(PAGE);
    }

    @Arbiter
    public void end(LLI_Result r) {
      r.r3 = tablesAtTheEnd();
    }
  }

  /**
   * The cleared items reach memory when the unmap returns, and the neighbour's pointer stays there.
   */
  @JCStressTest
  @Description(
      "A table is unmapped and freed beside a map under the same upper table; each looks through the hardware's eyes.")
  @Outcome(
      id = "mapped, nothing, 4",
      expect = ACCEPTABLE,
      desc = "both in memory when they returned")
  @Outcome(
      expect = FORBIDDEN,
      desc = "an operation returned before its words were in memory, or wrote back over another's")
  @State
  public static class UnmapBesideMap extends Race.Unsnooped {
    public UnmapBesideMap() {
      map(M2, M2 - PAGE);
      map(2 * M2 - PAGE, PAGE);
    }

    @Actor
    public void mapper(LLI_Result r) {
      map(0, PAGE);
      r.r1 = walked(0);
    }

    @Actor
    public void unmapper(LLI_Result r) {
      domain.unmap(M2, M2);
      r.r2 = walked(M2);
    }

    @Arbiter
    public void end(LLI_Result r) {
      r.r3 = tablesAtTheEnd();
    }
  }
}
