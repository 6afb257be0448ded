package dev.genpt.amd.driver;

/**
 * Where a device's guest tables hang.
 *
 * @param root address of the GCR3 table
 * @param levels its levels, 1 to 3
 * @param guestLevels levels of every guest table in it, 4 or 5
 */
record Gcr3Root(long root, int levels, int guestLevels) {}
