/**
 * The project's own files: where the checkout is, and the generated lists of its sources. Nothing
 * here keeps state; one process at a time writes a list.
 */
@NullMarked
package dev.genpt.project;

import org.jspecify.annotations.NullMarked;
