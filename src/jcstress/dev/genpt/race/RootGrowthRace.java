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
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Mappers make the root grow: hardware is switched first, and every root ever read stays a tree.
 */
public final class RootGrowthRace {
  private static final long AT_LEVEL_3 = 1L << 39;
  private static final long AT_LEVEL_4 = 1L << 48;

  private RootGrowthRace() {}

  /** One needs one level more, the other two; what was mapped before stays. */
  @JCStressTest
  @Description("Two mappers grow the root to different heights.")
  @Outcome(
      id = "mapped, mapped, mapped, 12",
      expect = ACCEPTABLE,
      desc = "all pages under one root, and the loser's roots are freed")
  @Outcome(expect = FORBIDDEN, desc = "a page or a table is lost")
  @State
  public static class TwoHeights extends Race {
    public TwoHeights() {
      map(0, PAGE);
    }

    @Actor
    public void low() {
      map(AT_LEVEL_3, PAGE);
    }

    @Actor
    public void high() {
      map(AT_LEVEL_4, PAGE);
    }

    @Arbiter
    public void end(LLLL_Result r) {
      r.r1 = translated(0);
      r.r2 = translated(AT_LEVEL_3);
      r.r3 = translated(AT_LEVEL_4);
      r.r4 = tablesAtTheEnd();
    }
  }

  /** What a map returned from is in reach of the hardware, whoever made the root grow. */
  @JCStressTest
  @Description(
      "Two mappers need the same new root; each looks through the hardware's eyes when its map returns.")
  @Outcome(
      id = "mapped, mapped, 9",
      expect = ACCEPTABLE,
      desc = "hardware was switched before a mapper could use the new root")
  @Outcome(
      expect = FORBIDDEN,
      desc = "a mapper used a root that hardware did not know, or a table is lost")
  @State
  public static class HardwareFirst extends Race {
    public HardwareFirst() {
      map(0, PAGE);
    }

    @Actor
    public void first(LLI_Result r) {
      map(AT_LEVEL_3, PAGE);
      r.r1 = walked(AT_LEVEL_3);
    }

    @Actor
    public void second(LLI_Result r) {
      map(AT_LEVEL_3 + G1, PAGE);
      r.r2 = walked(AT_LEVEL_3 + G1);
    }

    @Arbiter
    public void end(LLI_Result r) {
      r.r3 = tablesAtTheEnd();
    }
  }

  /** An address below the old root keeps its translation, for the CPU and for hardware. */
  @JCStressTest
  @Description("The root grows while an address below the old root is translated.")
  @Outcome(
      id = "mapped, mapped, mapped",
      expect = ACCEPTABLE,
      desc = "the old address and the new one")
  @Outcome(expect = FORBIDDEN, desc = "the old address or the new one is lost")
  @State
  public static class OldAddress extends Race {
    public OldAddress() {
      map(0, PAGE);
    }

    @Actor
    public void mapper() {
      map(AT_LEVEL_4, PAGE);
    }

    @Actor
    public void reader(LLL_Result r) {
      r.r1 = translated(0);
      r.r2 = walked(0);
    }

    @Arbiter
    public void end(LLL_Result r) {
      r.r3 = translated(AT_LEVEL_4);
      tablesAtTheEnd();
    }
  }
}
