package dev.genpt.vectors;

import dev.genpt.table.Feature;
import dev.genpt.table.PageTable;

/**
 * Where a replay stands before an operation.
 *
 * @param operation the operation that comes
 * @param pageTable the engine's table before it
 * @param recordedGather the gather that lives as long as the scenario, as it was recorded last
 * @param dueGather the same gather as it must be
 * @param topLevel level of the root, as it must be
 * @param live tables in use, as they must be
 */
record Situation(
    Operation operation,
    PageTable pageTable,
    Gather recordedGather,
    Gather dueGather,
    long topLevel,
    long live) {
  boolean has(Feature feature) {
    return pageTable.has(feature);
  }

  /** Input address bits that the root decodes now. */
  int widthLg2() {
    return pageTable.widthLg2(pageTable.root().level());
  }
}
