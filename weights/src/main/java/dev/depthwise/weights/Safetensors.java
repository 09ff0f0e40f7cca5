package dev.depthwise.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.depthwise.network.InputException;
import dev.depthwise.network.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of the safetensors format: the length of a header, the header in JSON, then the elements of
 * all tensors without holes.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
public final class Safetensors {
  /** The limit that the format itself sets. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_DIMENSIONS = 32;
  private static final int LENGTH_BYTES = 8;
  private static final String METADATA = "__metadata__";
  private static final JsonFactory JSON = Json.factory(20_000_000);

  private Safetensors() {}

  /**
   * Reads which tensors a file holds; their elements are read when they are asked for.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  public static NamedTensors read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      if (file.size() < LENGTH_BYTES) {
        throw file.fault("is no safetensors file: it has only %d bytes".formatted(file.size()));
      }
      long length = file.read(0, LENGTH_BYTES).getLong();
      // Negative: an unsigned length beyond all limits.
      if (length < 0 || length > LONGEST_HEADER) {
        throw file.fault(
            "is no safetensors file: its header would have %s bytes, at most %d are allowed"
                .formatted(Long.toUnsignedString(length), LONGEST_HEADER));
      }
      if (length > file.size() - LENGTH_BYTES) {
        throw file.fault(
            "is cut short: its header should have %d bytes, but only %d are there"
                .formatted(length, file.size() - LENGTH_BYTES));
      }
      byte[] header = file.readArray(LENGTH_BYTES, length);
      if (length == 0 || header[0] != '{') {
        throw file.fault("is no safetensors file: its header is not a JSON object");
      }
      Header parsed;
      try (JsonParser parser = JSON.createParser(header)) {
        parsed = new Parse(path, file, LENGTH_BYTES + length, parser).header();
      } catch (IOException e) {
        throw new InputException(
            "%s: its header is not the JSON of a safetensors file: %s"
                .formatted(path, Json.fault(e)),
            e);
      }
      requireNoHoles(file, parsed.entries(), file.size() - LENGTH_BYTES - length);
      Map<String, StoredTensor> tensors = new LinkedHashMap<>();
      parsed.entries().forEach(entry -> tensors.put(entry.tensor().name(), entry.tensor()));
      return new NamedTensors(path, tensors, parsed.metadata());
    }
  }

  /**
   * Writes tensors as float32, in the order of the map, and publishes the file when it is whole.
   *
   * @throws WriteException if it could not be written; an older file is unharmed then
   */
  public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
    byte[] header = header(tensors, metadata);
    Publish.file(
        path,
        temporary -> {
          try (OutputFile file = OutputFile.create(temporary)) {
            file.write(length(header.length));
            file.write(ByteBuffer.wrap(header));
            for (Tensor tensor : tensors.values()) {
              file.write(tensor.values());
            }
          }
        });
  }

  private record Header(List<Entry> entries, Map<String, String> metadata) {}

  private record Entry(StoredTensor tensor, long begin, long end) {}

  private static void requireNoHoles(InputFile file, List<Entry> entries, long dataLength) {
    List<Entry> ordered = new ArrayList<>(entries);
    ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : ordered) {
      if (entry.begin() != end) {
        throw file.fault(
            "tensor %s begins at byte %d of the data, but the one before it ends at %d: %s"
                .formatted(
                    Text.quote(entry.tensor().name()),
                    entry.begin(),
                    end,
                    entry.begin() < end ? "they overlap" : "there is a hole"));
      }
      end = entry.end();
    }
    if (end > dataLength) {
      throw file.fault(
          "is cut short: its tensors should have %d bytes, but only %d are there"
              .formatted(end, dataLength));
    }
    if (end < dataLength) {
      throw file.fault(
          "has %d bytes behind its last tensor that belong to none".formatted(dataLength - end));
    }
  }

  private static byte[] header(Map<String, Tensor> tensors, Map<String, String> metadata) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long begin = 0;
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        if (entry.getKey().equals(METADATA)) {
          throw new IllegalArgumentException("a tensor cannot be named " + METADATA);
        }
        long end = begin + (long) Float.BYTES * entry.getValue().shape().size();
        json.writeObjectFieldStart(entry.getKey());
        json.writeStringField("dtype", DataType.F32.name());
        json.writeArrayFieldStart("shape");
        for (int dimension : entry.getValue().shape().dimensions()) {
          json.writeNumber(dimension);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(begin);
        json.writeNumber(end);
        json.writeEndArray();
        json.writeEndObject();
        begin = end;
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    int length = bytes.size();
    byte[] padded = Arrays.copyOf(bytes.toByteArray(), (length + 7) / 8 * 8);
    Arrays.fill(padded, length, padded.length, (byte) ' ');
    return padded;
  }

  private static ByteBuffer length(long length) {
    return ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(length).flip();
  }

  /** Reads the header token by token: each must be the one that the format wants there. */
  private record Parse(Path path, InputFile file, long data, JsonParser parser) {
    Header header() throws IOException {
      List<Entry> entries = new ArrayList<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        expect(parser.nextToken(), JsonToken.START_OBJECT, name);
        if (name.equals(METADATA)) {
          readMetadata(metadata);
        } else {
          entries.add(entry(name));
        }
        if (entries.size() > MOST_TENSORS) {
          throw file.fault("holds more than %d tensors".formatted(MOST_TENSORS));
        }
      }
      if (parser.nextToken() != null) {
        throw file.fault("its header goes on behind its end");
      }
      return new Header(entries, metadata);
    }

    private void readMetadata(Map<String, String> metadata) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + name);
        metadata.put(name, parser.getText());
      }
    }

    private Entry entry(String name) throws IOException {
      String type = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (field) {
          case "dtype" -> {
            expect(token, JsonToken.VALUE_STRING, name + ".dtype");
            type = parser.getText();
          }
          case "shape" -> shape = numbers(token, name + ".shape");
          case "data_offsets" -> offsets = numbers(token, name + ".data_offsets");
          default ->
              throw fault(name, "has a field %s, which is unknown".formatted(Text.quote(field)));
        }
      }
      if (type == null || shape == null || offsets == null || offsets.size() != 2) {
        throw fault(name, "needs a dtype, a shape and two data_offsets");
      }
      return entry(name, type(name, type), shape, offsets.get(0), offsets.get(1));
    }

    private Entry entry(String name, DataType type, List<Long> shape, long begin, long end) {
      if (begin < 0 || end < begin) {
        throw fault(name, "has the data_offsets %d to %d".formatted(begin, end));
      }
      long bytes = type.bytes();
      for (long dimension : shape) {
        if (dimension < 0) {
          throw fault(name, "has the negative dimension " + dimension);
        }
        if (bytes != 0 && dimension > Long.MAX_VALUE / bytes) {
          throw fault(name, "has a shape that is too large: " + shape);
        }
        bytes *= dimension;
      }
      if (bytes != end - begin) {
        throw fault(
            name,
            "of shape %s in %s needs %d bytes, but has %d"
                .formatted(shape, type, bytes, end - begin));
      }
      long position = data + begin;
      long length = bytes;
      Path source = path;
      StoredTensor tensor =
          new StoredTensor(
              path,
              name,
              type,
              shape,
              parts -> {
                try (InputFile reopened = InputFile.open(source)) {
                  reopened.parts(position, length, ByteOrder.LITTLE_ENDIAN, parts);
                }
              });
      return new Entry(tensor, begin, end);
    }

    private DataType type(String name, String type) {
      for (DataType known : DataType.values()) {
        if (known.name().equals(type)) {
          return known;
        }
      }
      throw fault(
          name,
          "has the dtype %s; known are %s"
              .formatted(Text.quote(type), Arrays.toString(DataType.values())));
    }

    private List<Long> numbers(JsonToken start, String what) throws IOException {
      expect(start, JsonToken.START_ARRAY, what);
      List<Long> numbers = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
        numbers.add(parser.getLongValue());
        if (numbers.size() > MOST_DIMENSIONS) {
          throw file.fault(
              "%s has more than %d dimensions".formatted(Text.quote(what), MOST_DIMENSIONS));
        }
      }
      return numbers;
    }

    private void expect(JsonToken token, JsonToken expected, String what) {
      if (token != expected) {
        throw file.fault(
            "its header is wrong: %s should be %s, is %s"
                .formatted(Text.quote(what), said(expected), said(token)));
      }
    }

    private static String said(JsonToken token) {
      return switch (token) {
        case START_OBJECT -> "an object";
        case START_ARRAY -> "a list";
        case VALUE_STRING -> "a text";
        case VALUE_NUMBER_INT -> "a whole number";
        default -> "something else";
      };
    }

    private InputException fault(String tensor, String what) {
      return file.fault("tensor %s %s".formatted(Text.quote(tensor), what));
    }
  }
}
