/**
 * Recorded data in JSON files, read strictly: what does not have the form is named by its key. A
 * {@link JsonFile} is read whole; its objects are asked for values through {@link Fields}.
 */
@NullMarked
package dev.genpt.json;

import org.jspecify.annotations.NullMarked;
