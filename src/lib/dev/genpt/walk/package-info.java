/** The command {@code walk}: mappings from the command line, a page table, and one walk drawn. */
@NullMarked
package dev.genpt.walk;

import org.jspecify.annotations.NullMarked;
