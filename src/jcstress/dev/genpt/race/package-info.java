/**
 * Races: two threads do what the rules of {@code IommuDomain} let them do at the same time, on a
 * small domain that is made for that one meeting, and every outcome that may come of it is named.
 * Anything else is forbidden.
 *
 * <p>Run by {@code ./jbang jcstress}. An outcome is said in words: what a translation answered,
 * what was reported.
 */
@NullMarked
package dev.genpt.race;

import org.jspecify.annotations.NullMarked;
