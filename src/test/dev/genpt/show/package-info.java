/** What a cell shows, with kernels that are like the real ones and without any. */
@NullMarked
package dev.genpt.show;

import org.jspecify.annotations.NullMarked;
