/**
 * The AMD IOMMU as a chip: registers, the device table, the command ring, the event log, the walker
 * of host and guest tables, and its caches.
 *
 * <p>It sees physical memory and its registers, nothing else, and reads every structure by the
 * hardware's manual.
 */
@NullMarked
package dev.genpt.amd.hardware;

import org.jspecify.annotations.NullMarked;
