/**
 * What the command {@code bench} measures: the cases, where their calls lie, and the same calls on
 * the generic page table, on the engines that Linux had before, and on bare arrays. It knows
 * nothing of JMH; {@link dev.genpt.jmh} measures it.
 */
@NullMarked
package dev.genpt.bench;

import org.jspecify.annotations.NullMarked;
