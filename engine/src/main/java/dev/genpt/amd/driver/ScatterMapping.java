package dev.genpt.amd.driver;

import java.util.List;

/**
 * A scatter list as a device is to use it, made by {@link DmaMapper#mapScatter}.
 *
 * @param segments what the device is told: input addresses, those that touch joined
 * @param iova the block of input addresses that they lie in
 * @param length bytes of the block
 */
public record ScatterMapping(List<DmaSegment> segments, long iova, long length) {}
