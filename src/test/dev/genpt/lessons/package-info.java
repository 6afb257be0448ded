/** What every lesson must keep to, and the tests of that. */
@NullMarked
package dev.genpt.lessons;

import org.jspecify.annotations.NullMarked;
