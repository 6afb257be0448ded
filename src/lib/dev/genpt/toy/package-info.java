/** A page table small enough to draw whole, for tests that try everything and for lessons. */
@NullMarked
package dev.genpt.toy;

import org.jspecify.annotations.NullMarked;
