package dev.depthwise.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** How JSON from outside is read: strictly, and within limits. */
final class Json {
  private Json() {}

  /** A factory whose parsers refuse names given twice, deep nesting and endless input. */
  static JsonFactory factory(long tokens) {
    return new JsonFactoryBuilder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(32)
                .maxNumberLength(40)
                .maxNameLength(10_000)
                .maxStringLength(1_000_000)
                .maxTokenCount(tokens)
                .build())
        .build();
  }

  /** What is wrong, in one line. */
  static String fault(IOException e) {
    String message = e instanceof JsonProcessingException j ? j.getOriginalMessage() : null;
    return message == null ? Publish.reason(e) : Text.line(message);
  }
}
