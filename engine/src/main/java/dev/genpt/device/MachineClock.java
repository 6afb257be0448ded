package dev.genpt.device;

import dev.genpt.amd.driver.DriverClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that goes on when it is told, and by a microsecond when the driver waits for hardware,
 * which then works.
 *
 * <p>Threads: any.
 */
final class MachineClock implements DriverClock {
  private final AtomicLong now = new AtomicLong();
  private final Runnable hardware;

  MachineClock(Runnable hardware) {
    this.hardware = hardware;
  }

  @Override
  public long microseconds() {
    return now.get();
  }

  @Override
  public void pause() {
    now.incrementAndGet();
    hardware.run();
  }

  void advance(long microseconds) {
    now.addAndGet(microseconds);
  }
}
