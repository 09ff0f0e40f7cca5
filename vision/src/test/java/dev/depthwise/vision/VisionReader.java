package dev.depthwise.vision;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.IIOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A reader of files that anybody may have made, and files that it knows: whole and broken ones. */
@SuppressWarnings("ImmutableEnumChecker") // Its functions and lists never change.
enum VisionReader {
  PICTURE(
      (folder, content) -> PictureReader.decode(content, "file"),
      "more/alpha-associated.tif",
      "more/bits-555.bmp",
      "more/deflate.tif",
      "more/exif-6.png",
      "more/group4.tif",
      "more/inks-progressive.jpg",
      "more/interlaced.gif",
      "more/jpeg.tif",
      "more/lossy-alpha.webp",
      "more/lzw.tif",
      "more/offset-transparent.gif",
      "more/packbits.tif",
      "more/palette.webp",
      "more/restart-markers.jpg",
      "more/run-lengths.bmp",
      "more/subsampled-420-progressive.jpg",
      "broken/bmp_bomb_50000x50000.bmp",
      "broken/png_huge_dims_2e31.png",
      "broken/tiff_60000_samples.tif",
      "broken/tiff_few_bytes_for_64M.tif"),
  /** With checksums that fit, so that what stands behind them is looked at too. */
  PNG(
      (folder, content) -> PictureReader.decode(withPngSums(content), "file.png"),
      "more/gamma.png",
      "more/exif-6.png",
      "pictures/one_pixel.png",
      "pictures/bilevel.png",
      "broken/png_huge_dims_2e31.png"),
  WEBP(
      (folder, content) -> PictureReader.decode(begunLikeWebP(content), "file.webp"),
      "more/alpha.webp",
      "more/animated-offset.webp",
      "more/exif-6.webp",
      "more/lossy.webp",
      "more/lossy-animated-offset.webp",
      "more/lossy-coarse.webp",
      "more/lossy-fast.webp",
      "more/lossy-odd.webp",
      "more/lossy-one-pixel.webp",
      "more/palette.webp",
      "broken/webp_bomb.webp",
      "broken/webp_chunk_too_long.webp"),
  /** Of lossy WebP pictures, without the file around them. */
  VP8(
      (folder, content) -> Vp8.decode(content, 20, content.length - 20),
      "more/lossy.webp",
      "more/lossy-coarse.webp",
      "more/lossy-odd.webp",
      "more/lossy-one-pixel.webp"),
  JPEG_HEADER(
      (folder, content) -> PictureHeader.jpeg(content),
      "more/fill-bytes.jpg",
      "more/inks-profile.jpg",
      "more/two-jfif.jpg",
      "broken/jpeg_header_only.jpg"),
  PNG_HEADER(
      (folder, content) -> PictureHeader.png(withPngSums(content)),
      "more/exif-6.png",
      "pictures/one_pixel.png",
      "broken/png_only_signature.png"),
  ORIENTATION((folder, content) -> Orientation.of(content, 0), "more/exif-6.tif"),
  IDX_PICTURES(
      (folder, content) -> {
        put(folder, "train-images-idx3-ubyte", content);
        put(folder, "train-labels-idx1-ubyte", IdxFiles.labels(0, 1));
        pictures(IdxDataset.open(folder, IdxDataset.Part.TRAIN));
      }) {
    @Override
    List<byte[]> made() throws IOException {
      byte[] pictures = IdxFiles.pictures(2, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
      return List.of(pictures, IdxFiles.gzip(pictures));
    }
  },
  IDX_LABELS(
      (folder, content) -> {
        put(folder, "train-images-idx3-ubyte", IdxFiles.pictures(2, 1, 1, 1, 2));
        put(folder, "train-labels-idx1-ubyte", content);
        pictures(IdxDataset.open(folder, IdxDataset.Part.TRAIN));
      }) {
    @Override
    List<byte[]> made() throws IOException {
      return List.of(IdxFiles.labels(3, 1), IdxFiles.gzip(IdxFiles.labels(0, 1)));
    }
  },
  CIFAR_BATCH(
      (folder, content) -> {
        put(folder, "fine_label_names.txt", Cifar.NAMES);
        put(folder, "train.bin", content);
        pictures(CifarDataset.open(folder, CifarDataset.Format.CIFAR_100).train());
      }) {
    @Override
    List<byte[]> made() {
      return List.of(Cifar.batch());
    }
  },
  CIFAR_NAMES(
      (folder, content) -> {
        put(folder, "fine_label_names.txt", content);
        put(folder, "train.bin", Cifar.batch());
        pictures(CifarDataset.open(folder, CifarDataset.Format.CIFAR_100).train());
      }) {
    @Override
    List<byte[]> made() {
      return List.of(Cifar.NAMES);
    }
  },
  CIFAR_ARCHIVE(
      (folder, content) -> {
        put(folder, "cifar-100-binary.tar.gz", content);
        pictures(CifarDataset.open(folder, CifarDataset.Format.CIFAR_100).train());
      }) {
    @Override
    List<byte[]> made() throws IOException {
      byte[] tar = tar(Map.of("c/fine_label_names.txt", Cifar.NAMES, "c/train.bin", Cifar.batch()));
      return List.of(tar, IdxFiles.gzip(tar));
    }
  },
  TAR(
      (folder, content) -> {
        put(folder, "a.tar", content);
        Files.deleteIfExists(folder.resolve(IndexFile.NAME));
        pictures(TarDataset.open(folder, List.of("a.tar"), null, Progress.NONE));
      }) {
    @Override
    List<byte[]> made() throws IOException {
      return List.of(shard());
    }
  },
  INDEX(
      (folder, content) -> {
        put(folder, IndexFile.NAME, withIndexSum(content));
        PictureIndex index = new IndexFile(folder).read(Progress.NONE);
        for (int i = 0; index != null && i < index.size(); i++) {
          index.name(i);
          index.groupOf(i);
        }
      }) {
    @Override
    List<byte[]> made() throws IOException {
      Path folder = Files.createTempDirectory("index");
      PictureIndex.Builder builder = new PictureIndex.Builder();
      builder.add("a.png", 512, 70, 0);
      builder.add("b.png", 1024, 71, 1);
      builder.group("a.tar", 3, 4);
      builder.add("c.png", 512, 72, 1);
      builder.group("b.tar", 5, 6);
      new IndexFile(folder).write(builder.build(), Progress.NONE);
      byte[] content = Files.readAllBytes(folder.resolve(IndexFile.NAME));
      Files.delete(folder.resolve(IndexFile.NAME));
      Files.delete(folder);
      return List.of(content);
    }
  };

  private static final int ENOUGH_PICTURES = 5;

  private final Reader reader;
  private final List<String> seeds;

  VisionReader(Reader reader, String... seeds) {
    this.reader = reader;
    this.seeds = List.of(seeds);
  }

  /** Reads what stands in a file of some name in a folder. */
  private interface Reader {
    void read(Path folder, byte[] content) throws IOException;
  }

  /** Files of CIFAR-100. */
  private static final class Cifar {
    static final byte[] NAMES = "bear\nfox\nrose\n".getBytes(StandardCharsets.UTF_8);

    static byte[] batch() {
      byte[] record = new byte[2 + 3 * 32 * 32];
      record[1] = 2;
      return record;
    }
  }

  /** The contents of the files that it knows. */
  Stream<byte[]> seeds() {
    try {
      List<byte[]> made = made();
      return Stream.concat(seeds.stream().map(VisionReader::content), made.stream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Contents that no file of the tests has. */
  List<byte[]> made() throws IOException {
    return List.of();
  }

  /**
   * Reads bytes as a file.
   *
   * @throws IOException only for readers inside of others, which refuse a file so
   */
  void read(Path folder, byte[] content) throws IOException {
    try {
      reader.read(folder, content);
    } catch (IIOException e) {
      switch (this) {
        case VP8, JPEG_HEADER, PNG_HEADER -> {
          // So these refuse what is broken; the reader around them says it as an InputException.
        }
        default -> throw e;
      }
    }
  }

  private static byte[] content(String name) {
    try {
      return Files.readAllBytes(TestResources.file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Path folder, String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private static void pictures(Dataset dataset) {
    for (int i = 0; i < Math.min(dataset.size(), ENOUGH_PICTURES); i++) {
      dataset.picture(i);
      dataset.label(i);
    }
  }

  private static byte[] shard() throws IOException {
    byte[] png = PictureWriter.png(TestResources.row(1, 2, 3));
    Map<String, byte[]> members = new TreeMap<>();
    members.put("p/1.png", png);
    members.put("p/1.cls", "2\n".getBytes(StandardCharsets.UTF_8));
    members.put("p/2.png", png);
    members.put("p/2.json", "{\"label\": 1}".getBytes(StandardCharsets.UTF_8));
    return tar(members);
  }

  private static byte[] tar(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512)) {
      for (Map.Entry<String, byte[]> member : new TreeMap<>(members).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(member.getKey());
        entry.setSize(member.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(member.getValue());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] begunLikeWebP(byte[] content) {
    byte[] file = content.length < 12 ? new byte[12] : content.clone();
    ByteBuffer.wrap(file).putInt(0, 0x52494646).putInt(8, 0x57454250);
    return file;
  }

  private static byte[] withPngSums(byte[] content) {
    ByteBuffer file = ByteBuffer.wrap(content.length < 8 ? new byte[8] : content.clone());
    file.putLong(0, 0x89504e470d0a1a0aL);
    for (int at = 8; file.limit() - at >= 12; ) {
      int length = file.getInt(at);
      if (length < 0 || length > file.limit() - at - 12) {
        break;
      }
      CRC32 sum = new CRC32();
      sum.update(file.array(), at + 4, length + 4);
      file.putInt(at + 8 + length, (int) sum.getValue());
      at += 12 + length;
    }
    return file.array();
  }

  private static byte[] withIndexSum(byte[] content) {
    if (content.length < Long.BYTES) {
      return content;
    }
    byte[] file = content.clone();
    int end = file.length - Long.BYTES;
    CRC32 sum = new CRC32();
    sum.update(file, 0, end);
    ByteBuffer.wrap(file).putLong(end, sum.getValue());
    return file;
  }
}
