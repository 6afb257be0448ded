/**
 * The page-table formats, one class each, which holds nothing but that format.
 *
 * <p>{@link dev.genpt.format.Formats} finds a format by its name.
 */
@NullMarked
package dev.genpt.format;

import org.jspecify.annotations.NullMarked;
