package dev.genpt.jmh;

import dev.genpt.bench.BenchCase;
import dev.genpt.bench.OpenCase;
import dev.genpt.bench.Operation;
import dev.genpt.bench.Phase;
import dev.genpt.bench.Subject;
import dev.genpt.bench.Warm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The timed call. All phases of one case take turns, an iteration each, so that whatever disturbs
 * the machine disturbs all engines; {@link BenchRun} tells the iterations apart by their number.
 *
 * <p>One invocation is all calls of the case's layout.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EngineBenchmark {
  /** The case, which the threads share. */
  @State(Scope.Benchmark)
  public static class Shared {
    /** The case, by its {@link BenchCase#id}. */
    @Param("")
    public String id = "";

    private final AtomicInteger lanes = new AtomicInteger();
    private final Lock turn = new ReentrantLock();
    private List<Phase> phases = List.of();
    private OpenCase open;

    /** Opens all engines of the case, and warms the rest of the JVM if the case asks for it. */
    @Setup
    public void open() {
      BenchCase each = BenchCase.parse(id);
      if (each.state() == dev.genpt.bench.State.LOADED) {
        Warm.everything();
      }
      phases = each.phases();
      open = new OpenCase(each);
    }
  }

  /** What one thread does. */
  @State(Scope.Thread)
  public static class Lane {
    private final List<Subject> subjects = new ArrayList<>();
    private List<Phase> phases = List.of();
    private int iteration;
    private Operation operation = Operation.MAP;
    private Subject subject;
    private boolean inTurns;

    /** Takes the next place in the address space. */
    @Setup
    public void open(Shared shared) {
      int lane = shared.lanes.getAndIncrement();
      phases = shared.phases;
      for (Phase phase : phases) {
        subjects.add(shared.open.subject(phase.engine(), lane));
      }
      subject = subjects.getFirst();
    }

    /** The turn of the next phase. */
    @Setup(Level.Iteration)
    public void begin() {
      int phase = iteration++ % phases.size();
      operation = phases.get(phase).operation();
      inTurns = phases.get(phase).mode() == dev.genpt.bench.Mode.IN_TURNS;
      subject = subjects.get(phase);
      operation.begin(subject);
    }

    /** Prepares the calls, when it is this thread's turn. */
    @Setup(Level.Invocation)
    public void before(Shared shared) {
      if (inTurns) {
        shared.turn.lock();
      }
      operation.before(subject);
    }

    /** Undoes the calls. */
    @TearDown(Level.Invocation)
    public void after(Shared shared) {
      operation.after(subject);
      if (inTurns) {
        shared.turn.unlock();
      }
    }

    /** Ends the turn. */
    @TearDown(Level.Iteration)
    public void end() {
      operation.end(subject);
    }
  }

  /** The calls of the case. */
  @Benchmark
  public long calls(Lane lane) {
    return lane.operation.run(lane.subject);
  }
}
