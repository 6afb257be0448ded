/**
 * Looking inside a page table: decode a word, follow one translation, read a whole table, and show
 * each as text or as a picture.
 *
 * <p>Nothing here changes a table, and nothing here trusts one: what hardware would refuse is
 * named, and a pointer to nowhere or in a circle ends in a line of text, never in an endless walk.
 * Words are read one at a time, so that a table that changes meanwhile may be seen half before and
 * half after.
 *
 * <p>Two words are kept apart everywhere. The <em>table address</em> is where a table entry points
 * to; the <em>output address</em> is where a leaf sends the device.
 *
 * <pre>{@code
 * WalkTrace trace = WalkTrace.of(domain.pageTable(), 0x40201234L);
 * System.out.print(TextView.plain().walk(trace));
 * String svg = SvgView.walk(trace);
 * }</pre>
 */
@NullMarked
package dev.genpt.inspect;

import org.jspecify.annotations.NullMarked;
