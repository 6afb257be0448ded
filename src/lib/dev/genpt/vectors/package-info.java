/**
 * Golden vectors: what another implementation answered and wrote, operation by operation, replayed
 * on the engine and compared.
 *
 * <p>A {@link dev.genpt.json.JsonFile} holds scenarios; {@link FileReplay} replays them and says
 * what came out. Inside, a scenario is read by {@code ScenarioReader}, run by {@code Replay}, and
 * judged by {@code ScenarioReplay}: every answer of the engine must equal what {@code Expectation}
 * makes of the recorded one. That is the recorded answer itself, but where one of the numbered
 * {@code Rule}s meets its conditions; each rule corrects the keys that it is about and no other.
 */
@NullMarked
package dev.genpt.vectors;

import org.jspecify.annotations.NullMarked;
