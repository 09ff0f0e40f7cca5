package dev.depthwise.catalogue;

import dev.depthwise.network.InputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A place that has published files too: a folder or a server.
 *
 * <p>A file is looked for under its name, then under the path that it has where it is published.
 *
 * @param base ends in a slash
 */
public record Mirror(URI base) {
  /** Names the mirror of all that is fetched. */
  public static final String VARIABLE = "DEPTHWISE_MIRROR";

  public Mirror {
    if (!base.getPath().endsWith("/")) {
      throw new IllegalArgumentException("needs a slash at its end: " + base);
    }
  }

  /**
   * A mirror as a person writes it: a folder, or an address that begins with http, https or file.
   *
   * @throws InputException if it is neither
   */
  public static Mirror parse(String text) {
    String folded = text.toLowerCase(Locale.ROOT);
    if (folded.matches("https?:.*")) {
      try {
        URI address = new URI(text.endsWith("/") ? text : text + "/");
        if (address.getHost() != null
            && address.getRawQuery() == null
            && address.getRawFragment() == null
            && address.getRawUserInfo() == null) {
          return new Mirror(address);
        }
        throw new InputException(
            "the mirror %s: expected an address of a folder, without names and questions"
                .formatted(text));
      } catch (URISyntaxException e) {
        throw new InputException("the mirror %s is no address".formatted(text), e);
      }
    }
    try {
      Path folder = folded.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text);
      if (Files.isDirectory(folder)) {
        // Of a folder that exists, the address ends in a slash.
        return new Mirror(folder.toAbsolutePath().toUri());
      }
      throw new InputException(
          "the mirror %s: there is no such folder; expected one, or an address such as"
                  .formatted(text)
              + " https://mirror.example/weights");
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new InputException("the mirror %s is no folder and no address".formatted(text), e);
    }
  }

  /** Whether it is a folder of this machine. */
  boolean isFolder() {
    return base.getScheme().equals("file");
  }

  /** Where a file may be, the likeliest first. */
  List<URI> addresses(PublishedFile file) {
    String path = file.address().getRawPath();
    return List.of(base.resolve(file.name()), base.resolve(path.substring(1)));
  }
}
