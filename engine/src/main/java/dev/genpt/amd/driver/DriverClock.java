package dev.genpt.amd.driver;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Time as the driver knows it.
 *
 * <p>Threads: any, several at a time.
 */
public interface DriverClock {
  /** Microseconds since some moment. */
  long microseconds();

  /** Lets a microsecond pass while the driver waits for hardware. */
  void pause();

  /** The machine's own time; hardware is expected on another thread. */
  static DriverClock system() {
    return new DriverClock() {
      @Override
      public long microseconds() {
        return System.nanoTime() / 1000;
      }

      @Override
      public void pause() {
        LockSupport.parkNanos(1000);
      }
    };
  }

  /**
   * A time that passes only while the driver waits, so that a run repeats.
   *
   * @param hardware what the hardware does in a microsecond
   */
  static DriverClock simulated(Runnable hardware) {
    AtomicLong now = new AtomicLong();
    return new DriverClock() {
      @Override
      public long microseconds() {
        return now.get();
      }

      @Override
      public void pause() {
        now.incrementAndGet();
        hardware.run();
      }
    };
  }
}
