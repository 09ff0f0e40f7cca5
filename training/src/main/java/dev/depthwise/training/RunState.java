package dev.depthwise.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code state.json}: what a checkpoint knows besides the model and the moments.
 *
 * @param options all that the result depends on, as {@link RunOptions} writes it
 * @param engine that computed
 * @param threads that it used
 * @param step steps that are done
 * @param history epochs that are done
 * @param begun the epoch in the middle of which the checkpoint is, if it is
 */
record RunState(
    String format,
    int version,
    Map<String, String> options,
    String engine,
    int threads,
    long step,
    List<EpochReport> history,
    @Nullable Begun begun) {
  private static final String FORMAT = "depthwise-training";
  private static final int VERSION = 2;
  private static final long LARGEST_FILE = 64 << 20;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * An epoch that is not done.
   *
   * @param steps that are done
   * @param loss summed over its pictures
   * @param correct how many of them were right
   * @param pictures that were trained on
   */
  record Begun(int steps, double loss, int correct, int pictures) {}

  RunState {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    history = List.copyOf(history);
  }

  static RunState of(
      Map<String, String> options,
      String engine,
      int threads,
      long step,
      List<EpochReport> history,
      @Nullable Begun begun) {
    return new RunState(FORMAT, VERSION, options, engine, threads, step, history, begun);
  }

  static RunState read(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new InputException(file + ": is too large for the state of a run");
      }
      RunState state = MAPPER.readValue(Files.readAllBytes(file), RunState.class);
      if (!FORMAT.equals(state.format()) || state.version() != VERSION) {
        throw new InputException(
            "%s: holds %s version %d; expected %s version %d"
                .formatted(file, state.format(), state.version(), FORMAT, VERSION));
      }
      return state;
    } catch (JacksonException e) {
      throw new InputException(
          "%s: is not the state of a run: %s; remove this checkpoint to go on after the one before"
              .formatted(file, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be read; remove this checkpoint to go on after the one before"
              .formatted(file),
          e);
    }
  }

  void write(Path file) throws IOException {
    Files.write(file, MAPPER.writeValueAsBytes(this));
  }
}
