/**
 * How a request is refused: {@code IommuException} with an {@code Errno} and the values that
 * matter.
 *
 * <pre>{@code
 * try {
 *   domain.map(0x1800L, 0x2000L, 0x1000L, Protection.READ);
 * } catch (IommuException refused) {
 *   System.out.println(refused.errno() + ", " + refused.rule());
 * }
 * }</pre>
 */
@NullMarked
package dev.genpt.error;

import org.jspecify.annotations.NullMarked;
