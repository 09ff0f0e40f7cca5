package dev.depthwise.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the configuration of a Keras model says of the weights of its layers. */
final class KerasConfig {
  /** A model of a thousand layers has 2 MB. */
  static final int LONGEST = 1 << 24;

  private static final JsonFactory JSON = Json.factory(20_000_000);
  private static final int MOST_LAYERS = 100_000;

  private final InputFile file;
  private final JsonParser parser;
  private int count;

  private KerasConfig(InputFile file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /**
   * A layer, or a model that is used as one.
   *
   * @param type the name of its class
   * @param scale whether a normalisation has a factor
   * @param center whether it has an offset
   * @param layers of a model, in order
   */
  record Layer(String type, String name, boolean scale, boolean center, List<Layer> layers) {
    Layer {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Reads the model that a configuration describes.
   *
   * @throws dev.depthwise.network.InputException if it is no JSON, or holds a layer that is code
   */
  static Layer read(InputFile file, byte[] text) {
    try (JsonParser parser = JSON.createParser(text)) {
      while (parser.nextToken() != null) {
        if ("class_name".equals(parser.currentName())
            && parser.currentToken() == JsonToken.VALUE_STRING
            && parser.getText().equals("Lambda")) {
          throw file.fault(
              "holds a Lambda layer, which is a program in Python; it was not run. Save the weights"
                  + " alone: model.save_weights(\"model.weights.h5\")");
        }
      }
    } catch (IOException e) {
      throw file.fault("its configuration is no JSON: " + Json.fault(e), e);
    }
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      return new KerasConfig(file, parser).layer();
    } catch (IOException e) {
      throw file.fault("its configuration is no JSON: " + Json.fault(e), e);
    }
  }

  private Layer layer() throws IOException {
    count++;
    if (count > MOST_LAYERS) {
      throw file.fault("holds more than %d layers".formatted(MOST_LAYERS));
    }
    String type = "";
    String name = "";
    Layer config = null;
    require(JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken token = parser.nextToken();
      if (field.equals("class_name") && token == JsonToken.VALUE_STRING) {
        type = parser.getText();
      } else if (field.equals("name") && token == JsonToken.VALUE_STRING) {
        name = parser.getText();
      } else if (field.equals("config") && token == JsonToken.START_OBJECT) {
        config = config();
      } else if (field.equals("config") && token == JsonToken.START_ARRAY) {
        // The first Sequential models were no more than a list of layers.
        config = new Layer("", "", true, true, layers());
      } else {
        parser.skipChildren();
      }
    }
    return config == null
        ? new Layer(type, name, true, true, List.of())
        : new Layer(
            type,
            config.name().isEmpty() ? name : config.name(),
            config.scale(),
            config.center(),
            config.layers());
  }

  private Layer config() throws IOException {
    String name = "";
    boolean scale = true;
    boolean center = true;
    List<Layer> layers = List.of();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken token = parser.nextToken();
      if (field.equals("name") && token == JsonToken.VALUE_STRING) {
        name = parser.getText();
      } else if (field.equals("scale")) {
        scale = token != JsonToken.VALUE_FALSE;
        parser.skipChildren();
      } else if (field.equals("center")) {
        center = token != JsonToken.VALUE_FALSE;
        parser.skipChildren();
      } else if (field.equals("layers") && token == JsonToken.START_ARRAY) {
        layers = layers();
      } else {
        parser.skipChildren();
      }
    }
    return new Layer("", name, scale, center, layers);
  }

  private List<Layer> layers() throws IOException {
    List<Layer> layers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      layers.add(layer());
    }
    return layers;
  }

  private void require(JsonToken expected) {
    @Nullable JsonToken token = parser.currentToken();
    if (token != expected) {
      throw file.fault("its configuration describes no model");
    }
  }
}
