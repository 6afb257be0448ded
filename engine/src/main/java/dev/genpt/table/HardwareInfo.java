package dev.genpt.table;

/**
 * What hardware is told about a table.
 *
 * @param root physical address of the root table
 * @param levelCode the format's number for the top level: AMDv1 {@code mode}, x86-64 {@code
 *     levels}, VT-d second stage {@code aw}, RISC-V {@code mode}
 */
public record HardwareInfo(long root, int levelCode) {}
