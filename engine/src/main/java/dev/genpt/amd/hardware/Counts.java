package dev.genpt.amd.hardware;

/**
 * What an IOMMU counted since it was made.
 *
 * @param requests requests of devices
 * @param deviceHits device table entries found in the cache
 * @param deviceMisses device table entries read from memory
 * @param translationHits translations found in the IOTLB, each stage of a request by itself
 * @param translationMisses translations that were not there
 * @param pointerHits walks that began below the root, at a cached table pointer
 * @param walks walks of a table, each stage by itself
 * @param tableReads 64-bit words that walks read
 * @param faults requests that were aborted, or answered without permission
 * @param commands commands executed
 * @param invalidations invalidation commands among them
 * @param idleInvalidations invalidation commands that dropped nothing
 * @param dropped cache entries that invalidations dropped
 * @param events entries written to the event log
 * @param lostEvents entries that found it full or not running
 */
public record Counts(
    long requests,
    long deviceHits,
    long deviceMisses,
    long translationHits,
    long translationMisses,
    long pointerHits,
    long walks,
    long tableReads,
    long faults,
    long commands,
    long invalidations,
    long idleInvalidations,
    long dropped,
    long events,
    long lostEvents) {

  /** What was counted since {@code before}. */
  public Counts since(Counts before) {
    return new Counts(
        requests - before.requests,
        deviceHits - before.deviceHits,
        deviceMisses - before.deviceMisses,
        translationHits - before.translationHits,
        translationMisses - before.translationMisses,
        pointerHits - before.pointerHits,
        walks - before.walks,
        tableReads - before.tableReads,
        faults - before.faults,
        commands - before.commands,
        invalidations - before.invalidations,
        idleInvalidations - before.idleInvalidations,
        dropped - before.dropped,
        events - before.events,
        lostEvents - before.lostEvents);
  }
}
