/**
 * How a request is refused: {@code IommuException} with an {@code Errno} and the values that
 * matter.
 */
@NullMarked
package dev.genpt.error;

import org.jspecify.annotations.NullMarked;
