/**
 * The generic page table: what every format has in common, and how a table is walked.
 *
 * <p>Words used everywhere: a <em>table</em> is a power-of-two array of <em>items</em> (words).
 * Level 0 is the leaf-most table. An <em>entry</em> is one item, or a power-of-two run of items
 * fused into a larger leaf (<em>contiguous</em>). Sizes are given as lg2; inclusive ends start with
 * {@code last}; an {@code iova} or {@code va} is an input address, an {@code oa} an output address,
 * a {@code pa} a place in physical memory.
 *
 * <pre>{@code
 * Range range = Range.of(pageTable, iova, iova);
 * Cursor at = new Cursor(range);
 * while (at.load() == EntryType.TABLE) {
 *   at = at.descend();
 * }
 * long oa = at.exactOa(); // 0x12345234
 * }</pre>
 */
@NullMarked
package dev.genpt.table;

import org.jspecify.annotations.NullMarked;
