package dev.depthwise.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Models as Keras 3 saves them ({@code .keras}): a zip archive of a configuration and weights. */
final class KerasArchive {
  private static final String WEIGHTS = "model.weights.h5";
  private static final String CONFIG = "config.json";
  private static final String METADATA = "metadata.json";
  private static final int LONGEST_METADATA = 1 << 16;

  private KerasArchive() {}

  /** Whether an archive is one of Keras', perhaps a broken one. */
  static boolean is(Zip zip) {
    return zip.entries().containsKey(CONFIG) || zip.entries().containsKey(WEIGHTS);
  }

  /**
   * Reads which tensors a file holds; their elements are read when they are asked for.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  static NamedTensors read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      if (file.size() < Integer.BYTES || file.read(0, Integer.BYTES).getInt() != Zip.SIGNATURE) {
        throw file.fault("is no .keras file: it is no zip archive");
      }
      Zip zip = Zip.read(file);
      byte[] config = read(file, zip, CONFIG, KerasConfig.LONGEST);
      KerasConfig.Layer model = KerasConfig.read(file, config);
      Zip.Entry weights = entry(file, zip, WEIGHTS);
      InputFile.Opener opener = weights.opener(path);
      NamedTensors tensors;
      try (InputFile opened = opener.open()) {
        tensors = Keras.read(path, opened, opener, Optional.of(model));
      }
      Map<String, String> metadata = new LinkedHashMap<>(tensors.metadata());
      metadata.put(Keras.CONFIG, new String(config, StandardCharsets.UTF_8));
      if (zip.entries().containsKey(METADATA)) {
        version(file, read(file, zip, METADATA, LONGEST_METADATA))
            .ifPresent(version -> metadata.put("keras_version", version));
      }
      return new NamedTensors(path, tensors.tensors(), metadata);
    }
  }

  private static Zip.Entry entry(InputFile file, Zip zip, String name) {
    Zip.Entry entry = zip.entries().get(name);
    if (entry == null) {
      throw file.fault("is a zip archive, but none of Keras': it has no entry " + name);
    }
    return entry;
  }

  private static byte[] read(InputFile file, Zip zip, String name, int longest) {
    Zip.Entry entry = entry(file, zip, name);
    if (entry.size() > longest) {
      throw file.fault(
          "has an entry %s of %d bytes; at most %d are read"
              .formatted(name, entry.size(), longest));
    }
    return entry.read(file).array();
  }

  private static Optional<String> version(InputFile file, byte[] text) {
    try (JsonParser parser = Json.factory(10_000).createParser(text)) {
      while (parser.nextToken() != null) {
        if ("keras_version".equals(parser.currentName())
            && parser.currentToken() == JsonToken.VALUE_STRING) {
          return Optional.of(parser.getText());
        }
      }
    } catch (IOException e) {
      throw file.fault("its %s is no JSON: %s".formatted(METADATA, Json.fault(e)), e);
    }
    return Optional.empty();
  }
}
