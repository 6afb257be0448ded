/**
 * What the lessons stand on: domains that are ready to use, the questions, and the check that
 * everything works. Threads: the one that runs the cell.
 */
@NullMarked
package dev.genpt.lesson;

import org.jspecify.annotations.NullMarked;
