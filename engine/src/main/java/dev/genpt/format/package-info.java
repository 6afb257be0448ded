/**
 * The page-table formats, one class each, which holds nothing but that format.
 *
 * <p>{@link dev.genpt.format.Formats} finds a format by its name.
 *
 * <pre>{@code
 * FormatDefinition definition = Formats.byName("amdv1");
 * PageTableFormat amdv1 = definition.configure(new FormatConfig(0, 64, 52, 2, 0));
 * long word = amdv1.leafWord(0x12345000L, 12, 0, amdv1.attributesFor(Protection.READ));
 * boolean leaf = amdv1.typeOf(word, 0) == EntryType.LEAF; // true
 * }</pre>
 */
@NullMarked
package dev.genpt.format;

import org.jspecify.annotations.NullMarked;
