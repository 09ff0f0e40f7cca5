package dev.depthwise.vision;

import dev.depthwise.network.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in one sub-folder per class, the classes and their pictures in the order of their names.
 * {@link #picture} reads and decodes at every call.
 *
 * <p>Pictures are files that are named as a {@link PictureFormat}'s; other files, hidden ones and
 * deeper folders are passed over.
 *
 * <p>Opening reads no picture. It lists the folders that have changed since they were last opened
 * and looks at the length and date of every file; the list, and what {@link Inspection} has learned
 * of the files that are what they were, is kept in an index: beside the data as {@code
 * .depthwise-index}, or in the user's cache folder. The index may be deleted at any time.
 */
public final class FolderDataset extends IndexedDataset {
  private static final String TASK = "listing pictures";
  private static final int REPORT_EVERY = 1000;

  private final Path folder;

  private FolderDataset(Path folder, PictureIndex index, IndexFile file) {
    super(
        folder.toString(),
        index.groups().stream().map(PictureIndex.Group::name).toList(),
        index,
        file);
    this.folder = folder;
  }

  /**
   * Lists a folder.
   *
   * @throws InputException if there are not at least two classes, each with a picture
   */
  public static FolderDataset open(Path folder, Progress progress) {
    List<String> classes = list(folder, Files::isDirectory);
    IndexFile file = new IndexFile(folder);
    Listing listing = new Listing(folder, file.read(progress), progress);
    classes.forEach(listing::addClass);
    if (classes.size() < 2) {
      throw new InputException(
          "%s holds %s; expected one sub-folder of pictures for each of two or more classes"
              .formatted(
                  folder,
                  classes.isEmpty()
                      ? "no sub-folder"
                      : "one class only, '" + classes.get(0) + "'"));
    }
    FolderDataset dataset = new FolderDataset(folder, listing.builder.build(), file);
    if (listing.isNew(dataset.index())) {
      dataset.keepIndex(progress);
    }
    return dataset;
  }

  private interface Wanted {
    boolean is(Path entry);
  }

  /** Names of what is not hidden, in order: that of a listing differs between systems. */
  private static List<String> list(Path folder, Wanted wanted) {
    if (!Files.isDirectory(folder)) {
      throw new InputException(
          "%s is no folder; expected a folder with one sub-folder of pictures per class"
              .formatted(folder));
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries.forEach(
          entry -> {
            String name = entry.getFileName().toString();
            if (!name.startsWith(".") && wanted.is(entry)) {
              names.add(requireReadable(name, folder));
            }
          });
    } catch (IOException e) {
      throw new InputException(
          "%s cannot be listed: %s".formatted(folder, e.getClass().getSimpleName()), e);
    }
    names.sort(null);
    return names;
  }

  /** In a locale that cannot write a file's name, the name would lead nowhere. */
  private static String requireReadable(String name, Path folder) {
    if (name.indexOf('\ufffd') >= 0) {
      throw new InputException(
          "%s holds a file whose name '%s' this locale cannot express; set LANG=C.UTF-8"
              .formatted(folder, name));
    }
    return name;
  }

  /** Makes an index of what is there, with the help of an older one. */
  private static final class Listing {
    private final Path folder;
    private final @Nullable PictureIndex old;
    private final Progress progress;
    private final PictureIndex.Builder builder = new PictureIndex.Builder();
    private int label;
    private boolean changed;

    Listing(Path folder, @Nullable PictureIndex old, Progress progress) {
      this.folder = folder;
      this.old = old;
      this.progress = progress;
    }

    /** Whether an index is worth keeping that was made like this. */
    boolean isNew(PictureIndex index) {
      return changed || old == null || !old.groups().equals(index.groups());
    }

    void addClass(String name) {
      Path classFolder = folder.resolve(name);
      PictureIndex.Group known = old == null ? null : old.group(name);
      long modified = modified(classFolder);
      if (old != null
          && known != null
          && known.modified() == modified
          && modified != PictureIndex.UNSETTLED) {
        addKnown(classFolder, old, known);
      } else {
        addListed(classFolder, old, known);
      }
      if (builder.groupSize() == 0) {
        throw new InputException(
            "%s holds no picture (%s); expected some, as in every class's folder"
                .formatted(classFolder, PictureFormat.allEndings()));
      }
      builder.group(name, modified, 0);
      label++;
    }

    private static long modified(Path classFolder) {
      BasicFileAttributes attributes = attributes(classFolder);
      return attributes == null ? PictureIndex.UNSETTLED : settled(attributes.lastModifiedTime());
    }

    /** No file has come or gone; those there are may have been written over. */
    private void addKnown(Path classFolder, PictureIndex known, PictureIndex.Group group) {
      for (int index = group.first(); index < group.first() + group.count(); index++) {
        add(classFolder, known.name(index), known, index);
      }
    }

    private void addListed(
        Path classFolder, @Nullable PictureIndex known, PictureIndex.@Nullable Group group) {
      changed = true;
      Map<String, Integer> before = new HashMap<>();
      if (known != null && group != null) {
        for (int index = group.first(); index < group.first() + group.count(); index++) {
          before.put(known.name(index), index);
        }
      }
      for (String name : list(classFolder, PictureFormat::isNamed)) {
        add(classFolder, name, known, before.getOrDefault(name, -1));
      }
    }

    private void add(Path classFolder, String name, @Nullable PictureIndex known, int index) {
      BasicFileAttributes attributes = attributes(classFolder.resolve(name));
      if (attributes == null || !attributes.isRegularFile()) {
        changed = true;
        return;
      }
      long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
      builder.add(name, modified, attributes.size(), label);
      if (known != null
          && index >= 0
          && known.stamp(index) == modified
          && known.length(index) == attributes.size()) {
        builder.remember(known, index);
      } else {
        changed = true;
      }
      if (builder.size() % REPORT_EVERY == 0) {
        progress.at(TASK, builder.size(), -1);
      }
    }

    private static @Nullable BasicFileAttributes attributes(Path file) {
      try {
        return Files.readAttributes(file, BasicFileAttributes.class);
      } catch (NoSuchFileException e) {
        return null;
      } catch (IOException e) {
        throw new InputException(
            "%s cannot be looked at: %s".formatted(file, e.getClass().getSimpleName()), e);
      }
    }
  }

  /** The file of a picture. */
  public Path file(int index) {
    return folder.resolve(index().groupOf(index).name()).resolve(index().name(index));
  }

  @Override
  public String title(int index) {
    return file(index).toString();
  }

  @Override
  public Picture picture(int index) {
    return PictureReader.read(file(index));
  }
}
