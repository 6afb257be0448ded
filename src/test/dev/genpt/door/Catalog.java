package dev.genpt.door;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genpt.project.Checkout;
import java.io.IOException;
import java.util.List;

/** The aliases of {@code jbang-catalog.json}. */
final class Catalog {
  private Catalog() {}

  /** One alias. */
  record Alias(String name, String script, String description) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Alias> aliases() throws IOException {
    JsonNode aliases =
        new ObjectMapper()
            .readTree(Checkout.root().resolve("jbang-catalog.json").toFile())
            .get("aliases");
    return aliases
        .propertyStream()
        .map(alias ->
            new Alias(
                alias.getKey(),
                alias.getValue().path("script-ref").asText(),
                alias.getValue().path("description").asText()))
        .toList();
  }
}
