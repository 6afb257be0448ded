/**
 * Measured times, wherever they come from: rows of a CSV file, the tables and charts made of them.
 *
 * <p>Nothing here measures; {@code dev.genpt.jmh} does.
 */
@NullMarked
package dev.genpt.benchmark;

import org.jspecify.annotations.NullMarked;
