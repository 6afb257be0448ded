/** What the command-line scripts have in common on a terminal. */
@NullMarked
package dev.genpt.cli;

import org.jspecify.annotations.NullMarked;
