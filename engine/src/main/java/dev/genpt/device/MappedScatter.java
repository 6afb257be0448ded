package dev.genpt.device;

import dev.genpt.amd.driver.ScatterMapping;
import java.util.List;

/**
 * A scatter list that is mapped for a device.
 *
 * @param mapping what the device is told
 * @param pieces the same, piece by piece as in memory
 */
record MappedScatter(ScatterMapping mapping, List<DmaBuffer> pieces) {}
