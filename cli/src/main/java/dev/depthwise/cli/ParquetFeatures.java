package dev.depthwise.cli;

import dev.depthwise.network.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * A table of features as Apache Parquet, which Spark, Arrow, DuckDB and pandas read: a row is a
 * picture, the column {@code file} its name, and each further column what a layer makes of it, a
 * list of floats.
 */
final class ParquetFeatures {
  private static final String FILE = "file";
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private ParquetFeatures() {}

  /**
   * Writes a table.
   *
   * @param path of a file that is not there yet
   * @param files the name of each picture
   * @param features what each layer makes of all of them: pictures x whatever it makes
   */
  static void write(Path path, List<Path> files, Map<String, Tensor> features) throws IOException {
    try (ParquetWriter<Integer> writer =
        new Builder(new LocalOutputFile(path), new Rows(files, features)).build()) {
      for (int row = 0; row < files.size(); row++) {
        writer.write(row);
      }
    }
  }

  private static MessageType schema(Map<String, Tensor> features) {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    schema.required(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named(FILE);
    for (String name : features.keySet()) {
      schema.addField(
          Types.requiredList()
              .element(Types.primitive(PrimitiveTypeName.FLOAT, Repetition.REQUIRED).named(ELEMENT))
              .named(name));
    }
    return schema.named("features");
  }

  /** Writes the row of a number. */
  private static final class Rows extends WriteSupport<Integer> {
    private final List<Path> files;
    private final Map<String, Tensor> features;
    private final MessageType schema;

    @SuppressWarnings("NullAway.Init") // prepareForWrite comes before write
    private RecordConsumer consumer;

    Rows(List<Path> files, Map<String, Tensor> features) {
      this.files = files;
      this.features = features;
      this.schema = schema(features);
    }

    @Override
    @SuppressWarnings("deprecation") // still abstract
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer destination) {
      consumer = destination;
    }

    @Override
    public void write(Integer row) {
      consumer.startMessage();
      int field = 0;
      consumer.startField(FILE, field);
      consumer.addBinary(Binary.fromString(files.get(row).toString()));
      consumer.endField(FILE, field);
      for (Map.Entry<String, Tensor> entry : features.entrySet()) {
        field++;
        consumer.startField(entry.getKey(), field);
        consumer.startGroup();
        list(entry.getValue(), row);
        consumer.endGroup();
        consumer.endField(entry.getKey(), field);
      }
      consumer.endMessage();
    }

    private void list(Tensor tensor, int row) {
      int length = tensor.shape().size() / files.size();
      FloatBuffer values = tensor.values();
      consumer.startField(LIST, 0);
      for (int index = row * length; index < (row + 1) * length; index++) {
        consumer.startGroup();
        consumer.startField(ELEMENT, 0);
        consumer.addFloat(values.get(values.position() + index));
        consumer.endField(ELEMENT, 0);
        consumer.endGroup();
      }
      consumer.endField(LIST, 0);
    }
  }

  private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
    private final Rows rows;

    Builder(OutputFile file, Rows rows) {
      super(file);
      this.rows = rows;
      // Features do not compress, and the codecs are native libraries.
      withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
      withDictionaryEncoding(false);
      withWriteMode(ParquetFileWriter.Mode.OVERWRITE);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // still abstract
    protected WriteSupport<Integer> getWriteSupport(Configuration configuration) {
      return rows;
    }

    @Override
    protected WriteSupport<Integer> getWriteSupport(ParquetConfiguration configuration) {
      return rows;
    }
  }
}
