/** The project's own files: where the checkout is, and the generated lists of its sources. */
@NullMarked
package dev.genpt.project;

import org.jspecify.annotations.NullMarked;
