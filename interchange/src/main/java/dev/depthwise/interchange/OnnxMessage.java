package dev.depthwise.interchange;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A protobuf message that is written field by field. */
final class OnnxMessage {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  /** Writes a field. */
  private interface Field {
    void write(CodedOutputStream out) throws IOException;
  }

  private OnnxMessage put(Field field) {
    try {
      field.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  OnnxMessage number(int field, long value) {
    return put(stream -> stream.writeInt64(field, value));
  }

  OnnxMessage number(int field, float value) {
    return put(stream -> stream.writeFloat(field, value));
  }

  OnnxMessage text(int field, String value) {
    return put(stream -> stream.writeString(field, value));
  }

  OnnxMessage message(int field, OnnxMessage value) {
    return put(stream -> stream.writeByteArray(field, value.bytes()));
  }

  OnnxMessage bytes(int field, byte[] value) {
    return put(stream -> stream.writeByteArray(field, value));
  }

  byte[] bytes() {
    put(CodedOutputStream::flush);
    return bytes.toByteArray();
  }
}
