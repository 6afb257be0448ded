/** The command {@code formats}: the page-table formats in comparison, and one of them in full. */
@NullMarked
package dev.genpt.formats;

import org.jspecify.annotations.NullMarked;
