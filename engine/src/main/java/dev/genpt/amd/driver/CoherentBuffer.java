package dev.genpt.amd.driver;

/**
 * Memory that a device and the CPU use together, made by {@link DmaMapper#allocateCoherent}.
 *
 * @param pa where it is
 * @param dmaAddress where the device finds it
 * @param length bytes
 */
public record CoherentBuffer(long pa, long dmaAddress, long length) {}
