package dev.depthwise.vision;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.depthwise.network.InputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in tar files ("shards") of WebDataset's layout: {@code KEY.jpg} (or another {@link
 * PictureFormat}'s ending) beside {@code KEY.cls}, the label in decimal digits, or {@code KEY.json}
 * with a number {@code label}. Members of one key follow one another; those with other endings are
 * passed over.
 *
 * <p>Opening reads each shard that is new or has changed once, from its beginning to its end, and
 * keeps where its pictures lie in an index (see {@link FolderDataset}); nothing is ever unpacked to
 * the disk. Then any picture can be read by itself: so an epoch's order can be known beforehand and
 * gone on with, and what a shard holds need not be shuffled. That order keeps neighbours together
 * ({@link #sequential}).
 *
 * <p>Source: Aizman, Maltby, Breuel 2019, "High Performance I/O for Large Scale Deep Learning".
 */
public final class TarDataset extends IndexedDataset {
  /** Holds the classes' names beside the shards, one a line. */
  static final String NAMES = "classes.txt";

  private static final String TASK = "reading tar files";
  private static final int REPORT_EVERY = 1000;
  private static final int BLOCK = 512;
  private static final int LONGEST_LABEL = 32;
  private static final int LONGEST_JSON = 1 << 20;
  private static final int MOST_CLASSES = 1_000_000;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Path folder;

  private TarDataset(
      Path folder, String name, List<String> labels, PictureIndex index, IndexFile file) {
    super(name, labels, index, file);
    this.folder = folder;
  }

  /**
   * Opens the shards of a folder.
   *
   * @param shards their names, in the order of their pictures
   * @param labels the classes' names; without, those in {@code classes.txt}, or else {@code "0"} to
   *     the largest label found
   * @throws InputException if a shard is missing or broken, or holds what does not belong into one
   */
  public static TarDataset open(
      Path folder, List<String> shards, @Nullable List<String> labels, Progress progress) {
    if (shards.isEmpty()) {
      throw new InputException(
          "%s holds no .tar file; expected shards of pictures".formatted(folder));
    }
    IndexFile file = new IndexFile(folder);
    PictureIndex old = file.read(progress);
    PictureIndex.Builder builder = new PictureIndex.Builder();
    for (String shard : shards) {
      add(folder.resolve(shard), shard, old, builder, progress);
    }
    PictureIndex index = builder.build();
    String name = shards.size() == 1 ? folder.resolve(shards.get(0)).toString() : folder.toString();
    TarDataset dataset = new TarDataset(folder, name, names(folder, labels, index), index, file);
    if (old == null || !old.groups().equals(index.groups())) {
      dataset.keepIndex(progress);
    }
    return dataset;
  }

  private static List<String> names(Path folder, @Nullable List<String> given, PictureIndex index) {
    int largest = IntStream.range(0, index.size()).map(index::label).max().orElse(0);
    List<String> names = given;
    Path file = folder.resolve(NAMES);
    if (names == null && Files.isRegularFile(file)) {
      try {
        if (Files.size(file) > LONGEST_JSON) {
          throw new InputException("%s: is too long for a list of classes".formatted(file));
        }
        names =
            Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
      } catch (IOException e) {
        throw new InputException("%s: cannot be read as UTF-8 text".formatted(file), e);
      }
    }
    if (names == null) {
      return IntStream.rangeClosed(0, largest).mapToObj(Integer::toString).toList();
    }
    if (largest >= names.size()) {
      throw new InputException(
          "%s: label %d is out of range; there are %d classes, 0 to %d"
              .formatted(folder, largest, names.size(), names.size() - 1));
    }
    return names;
  }

  private static void add(
      Path shard,
      String name,
      @Nullable PictureIndex old,
      PictureIndex.Builder builder,
      Progress progress) {
    try {
      long length = Files.size(shard);
      long modified = settled(Files.getLastModifiedTime(shard));
      PictureIndex.Group known = old == null ? null : old.group(name);
      if (old != null
          && known != null
          && modified != PictureIndex.UNSETTLED
          && known.modified() == modified
          && known.length() == length) {
        for (int index = known.first(); index < known.first() + known.count(); index++) {
          builder.copy(old, index);
        }
      } else {
        new Scan(shard, length, builder, progress).run();
      }
      if (builder.groupSize() == 0) {
        throw new InputException(
            "%s: holds no pictures; expected KEY.jpg or KEY.png beside KEY.cls".formatted(shard));
      }
      builder.group(name, modified, length);
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be read as a tar file: %s".formatted(shard, e.getMessage()), e);
    }
  }

  /** One pass over a shard. */
  private static final class Scan {
    private final Path shard;
    private final long fileLength;
    private final PictureIndex.Builder builder;
    private final Progress progress;
    private String key = "";
    private String picture = "";
    private long offset;
    private long length;
    private int label = -1;

    Scan(Path shard, long fileLength, PictureIndex.Builder builder, Progress progress) {
      this.shard = shard;
      this.fileLength = fileLength;
      this.builder = builder;
      this.progress = progress;
    }

    void run() throws IOException {
      if (Gzip.is(shard)) {
        throw fault("it is compressed, which its pictures are already; unpack it with gunzip");
      }
      requireEnd();
      try (TarArchiveInputStream tar = new TarArchiveInputStream(Gzip.open(shard))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          requireHarmless(entry, tar.getBytesRead());
          if (!entry.isDirectory()) {
            member(tar, entry);
          }
        }
      }
      finishSample();
    }

    /**
     * A tar file ends in empty blocks; one that is cut between members shows it by nothing else.
     */
    private void requireEnd() throws IOException {
      byte[] last = new byte[BLOCK];
      try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "r")) {
        if (fileLength >= BLOCK && fileLength % BLOCK == 0) {
          file.seek(fileLength - BLOCK);
          file.readFully(last);
          if (Arrays.equals(last, new byte[BLOCK])) {
            return;
          }
        }
      }
      throw fault("it has no end; expected a whole tar file");
    }

    /** Nothing is unpacked, so nothing could come of these; but no honest shard holds them. */
    private void requireHarmless(TarArchiveEntry entry, long begin) {
      String name = entry.getName();
      boolean leadsOut =
          name.startsWith("/")
              || name.indexOf('\\') >= 0
              || name.indexOf(0) >= 0
              || List.of(name.split("/")).contains("..");
      if (name.isEmpty() || leadsOut) {
        throw fault("a member's name leads out of it: '%s'".formatted(printable(name)));
      }
      if (!entry.isDirectory()
          && (entry.isLink()
              || entry.isSymbolicLink()
              || entry.isFIFO()
              || entry.isBlockDevice()
              || entry.isCharacterDevice()
              || entry.isSparse()
              || !entry.isFile())) {
        throw fault("'%s' is no plain file".formatted(printable(name)));
      }
      if (entry.getSize() < 0 || entry.getSize() > fileLength - begin) {
        throw fault(
            "'%s' would have %d bytes, of which the file cannot hold so many"
                .formatted(printable(name), entry.getSize()));
      }
    }

    private void member(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
      String name = entry.getName();
      int base = name.lastIndexOf('/') + 1;
      int dot = name.indexOf('.', base);
      if (base == name.length() || dot <= base) {
        return;
      }
      String memberKey = name.substring(0, dot);
      if (!memberKey.equals(key)) {
        finishSample();
        key = memberKey;
      }
      String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
      if (PictureFormat.isEnding(ending)) {
        picture(tar, name.substring(base), entry.getSize());
      } else if (ending.equals("cls")) {
        label(text(tar, entry, LONGEST_LABEL));
      } else if (ending.equals("json")) {
        json(tar, entry);
      }
      // Others are texts, boxes and whatever else people keep beside their pictures.
    }

    private void picture(TarArchiveInputStream tar, String file, long size) {
      if (!picture.isEmpty()) {
        throw fault("'%s' has two pictures".formatted(printable(key)));
      }
      picture = file;
      offset = tar.getBytesRead();
      length = size;
    }

    private String text(TarArchiveInputStream tar, TarArchiveEntry entry, int longest)
        throws IOException {
      if (entry.getSize() > longest) {
        throw fault(
            "'%s' has %d bytes; expected at most %d"
                .formatted(printable(entry.getName()), entry.getSize(), longest));
      }
      return new String(tar.readNBytes((int) entry.getSize()), StandardCharsets.UTF_8);
    }

    private void json(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
      JsonNode found;
      try {
        found = MAPPER.readTree(text(tar, entry, LONGEST_JSON)).path("label");
      } catch (JacksonException e) {
        throw fault("'%s' is no JSON".formatted(printable(entry.getName())));
      }
      if (found.isIntegralNumber()) {
        label(found.asText());
      }
    }

    private void label(String text) {
      String digits = text.strip();
      if (!digits.matches("[0-9]{1,7}") || Integer.parseInt(digits) >= MOST_CLASSES) {
        throw fault(
            "the label of '%s' is '%s'; expected a number from 0 on"
                .formatted(printable(key), printable(digits)));
      }
      int found = Integer.parseInt(digits);
      if (label >= 0 && label != found) {
        throw fault("'%s' has two labels".formatted(printable(key)));
      }
      label = found;
    }

    private void finishSample() {
      if (!picture.isEmpty()) {
        if (label < 0) {
          throw fault(
              "'%s' has no label; expected %s.cls or %s.json with a number \"label\" beside it"
                  .formatted(printable(picture), printable(key), printable(key)));
        }
        builder.add(picture, offset, length, label);
        if (builder.size() % REPORT_EVERY == 0) {
          progress.at(TASK, builder.size(), -1);
        }
      }
      picture = "";
      label = -1;
    }

    private InputException fault(String fault) {
      return new InputException("%s: %s".formatted(shard, fault));
    }

    private static String printable(String text) {
      String line = text.replaceAll("\\p{Cntrl}", "?");
      return line.length() > 100 ? line.substring(0, 100) + "..." : line;
    }
  }

  @Override
  public String title(int index) {
    return "%s: %s".formatted(shard(index), index().name(index));
  }

  private Path shard(int index) {
    return folder.resolve(index().groupOf(index).name());
  }

  @Override
  public boolean sequential() {
    return true;
  }

  @Override
  public Picture picture(int index) {
    long length = index().length(index);
    if (length > PictureReader.MAXIMUM_BYTES) {
      throw new InputException(
          "%s: the file has %d bytes, at most %d are read"
              .formatted(title(index), length, PictureReader.MAXIMUM_BYTES));
    }
    long begin = index().stamp(index);
    // Opened anew for each: no limit on the number of shards, and nothing to close.
    try (FileChannel channel = FileChannel.open(shard(index), StandardOpenOption.READ)) {
      if (begin < 0 || length < 0 || begin > channel.size() - length) {
        throw new InputException(
            "%s: the tar file is shorter than it was when it was opened".formatted(title(index)));
      }
      ByteBuffer content = ByteBuffer.allocate((int) length);
      while (content.hasRemaining() && channel.read(content, begin + content.position()) >= 0) {
        // A read may bring less than was asked for.
      }
      return PictureReader.decode(content.array(), title(index));
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(title(index), e.getMessage()), e);
    }
  }
}
