package dev.depthwise.catalogue;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file that somebody publishes.
 *
 * @param name of the file: letters, digits, points, dashes and underscores, unique in the catalogue
 * @param address where it is published
 * @param size in bytes, if that is published
 * @param checksum that is published; of some files none is
 */
public record PublishedFile(
    String name, URI address, OptionalLong size, Optional<Checksum> checksum) {
  public PublishedFile {
    // The name becomes a path.
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException("no name for a file: " + name);
    }
  }

  /** The file at the end of an address. */
  static PublishedFile at(String address, Optional<Checksum> checksum) {
    String name = address.substring(address.lastIndexOf('/') + 1);
    return new PublishedFile(name, URI.create(address), OptionalLong.empty(), checksum);
  }
}
