/**
 * Arithmetic of the field: powers of two as exponents, unsigned 64-bit addresses in {@code long},
 * and named bit fields.
 *
 * <pre>{@code
 * long page = Log2.alignDown(0x40201234L, 12);      // 0x40201000
 * boolean same = Log2.divEqual(0x1fffL, 0x1000L, 12); // true: the same 4K block
 * }</pre>
 */
@NullMarked
package dev.genpt.bits;

import org.jspecify.annotations.NullMarked;
