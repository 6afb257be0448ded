/**
 * The driver of AMD IOMMUs: it brings them up, gives devices their address spaces and keeps what
 * the hardware caches true.
 *
 * <p>It knows the hardware as Linux does: tables and rings in physical memory, and a window of
 * registers.
 *
 * <pre>{@code
 * InvalidationRange range = InvalidationRange.covering(0x40200000L, 0x403fffffL);
 * long first = range.first(); // 0x40200000
 * }</pre>
 */
@NullMarked
package dev.genpt.amd.driver;

import org.jspecify.annotations.NullMarked;
