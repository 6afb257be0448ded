package dev.genpt.amd.hardware;

import java.util.concurrent.atomic.LongAdder;

/**
 * What one IOMMU counts. Any thread may add; {@link #counts} is exact when nothing is under way.
 */
final class Counters {
  final LongAdder requests = new LongAdder();
  final LongAdder deviceHits = new LongAdder();
  final LongAdder deviceMisses = new LongAdder();
  final LongAdder translationHits = new LongAdder();
  final LongAdder translationMisses = new LongAdder();
  final LongAdder pointerHits = new LongAdder();
  final LongAdder walks = new LongAdder();
  final LongAdder tableReads = new LongAdder();
  final LongAdder faults = new LongAdder();
  final LongAdder commands = new LongAdder();
  final LongAdder invalidations = new LongAdder();
  final LongAdder idleInvalidations = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder events = new LongAdder();
  final LongAdder lostEvents = new LongAdder();

  Counts counts() {
    return new Counts(
        requests.sum(),
        deviceHits.sum(),
        deviceMisses.sum(),
        translationHits.sum(),
        translationMisses.sum(),
        pointerHits.sum(),
        walks.sum(),
        tableReads.sum(),
        faults.sum(),
        commands.sum(),
        invalidations.sum(),
        idleInvalidations.sum(),
        dropped.sum(),
        events.sum(),
        lostEvents.sum());
  }
}
