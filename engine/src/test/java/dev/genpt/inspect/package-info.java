/** Tests of looking inside a page table. */
@NullMarked
package dev.genpt.inspect;

import org.jspecify.annotations.NullMarked;
