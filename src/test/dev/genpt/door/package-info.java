/** Tests of the front door: the wrapper, the aliases of the catalog, and what a clone may hold. */
@NullMarked
package dev.genpt.door;

import org.jspecify.annotations.NullMarked;
