package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * State dictionaries as PyTorch's {@code torch.save} writes them ({@code .pth}, {@code .pt}): a zip
 * archive with a pickle and one entry per storage, or, before PyTorch 1.6, five pickles followed by
 * the storages.
 *
 * @see <a href="https://pytorch.org/docs/stable/notes/serialization.html">the format</a>
 */
final class Pth {
  /** With what every pickle of PyTorch's begins. */
  static final int PROTOCOL_OPERATION = 0x80;

  private static final int LONGEST_PICKLE = 1 << 25;
  private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long LEGACY_PROTOCOL = 1001;

  private Pth() {}

  /** Reads the elements of a storage, from one byte on. */
  @FunctionalInterface
  private interface Bytes {
    ByteBuffer read(long from, long length);
  }

  /**
   * Reads which tensors a file holds; their elements are read when they are asked for.
   *
   * @throws InputException naming the file and what is wrong with it
   */
  static NamedTensors read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      if (file.size() < Integer.BYTES) {
        throw file.fault("is no PyTorch file: it has only %d bytes".formatted(file.size()));
      }
      int start = file.read(0, Integer.BYTES).getInt();
      if (start == Zip.SIGNATURE) {
        return archive(path, file);
      }
      if ((start & 0xff) == PROTOCOL_OPERATION) {
        return legacy(path, file);
      }
      throw file.fault("is no PyTorch file: it is neither a zip archive nor a pickle");
    }
  }

  private static NamedTensors archive(Path path, InputFile file) {
    Zip zip = Zip.read(file);
    List<String> pickles =
        zip.entries().keySet().stream()
            .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
            .toList();
    if (pickles.size() != 1) {
      throw file.fault(
          "is a zip archive, but not of PyTorch: it has %d entries data.pkl, not one"
              .formatted(pickles.size()));
    }
    String pickle = pickles.get(0);
    String root = pickle.substring(0, pickle.length() - "data.pkl".length());
    if (zip.entries().containsKey(root + "constants.pkl")) {
      throw file.fault(
          "is a TorchScript program; save the weights alone in Python:"
              + " torch.save(torch.jit.load(PATH).state_dict(), PATH)");
    }
    Zip.Entry entry = entry(file, zip, pickle);
    if (entry.size() > LONGEST_PICKLE) {
      throw file.fault(
          "has a pickle of %d bytes; at most %d are read".formatted(entry.size(), LONGEST_PICKLE));
    }
    ByteOrder order = byteOrder(file, zip, root);
    Object value = Pickle.read(new PickleInput(file, entry.read(file)), new TorchNames(file));
    Map<String, Bytes> storages = new HashMap<>();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    StateDict.of(file, value)
        .forEach(
            (name, view) -> {
              Bytes bytes =
                  storages.computeIfAbsent(
                      view.storage().key(),
                      key -> bytes(path, entry(file, zip, root + "data/" + key), view.storage()));
              tensors.put(name, tensor(path, name, view, order, bytes));
            });
    return named(path, tensors);
  }

  private static ByteOrder byteOrder(InputFile file, Zip zip, String root) {
    Zip.Entry entry = zip.entries().get(root + "byteorder");
    if (entry == null) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    String order =
        entry.size() > 10
            ? "that is too long"
            : java.nio.charset.StandardCharsets.UTF_8.decode(entry.read(file)).toString().strip();
    return switch (order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw file.fault("has the byte order " + Text.quote(order));
    };
  }

  private static Zip.Entry entry(InputFile file, Zip zip, String name) {
    Zip.Entry entry = zip.entries().get(name);
    if (entry == null) {
      throw file.fault("has no entry %s, which its weights need".formatted(Text.quote(name)));
    }
    return entry;
  }

  private static Bytes bytes(Path path, Zip.Entry entry, TorchNames.Storage storage) {
    if (entry.size() < storage.bytes()) {
      throw InputFile.fault(
          path,
          "the entry %s should have %d bytes, has %d"
              .formatted(Text.quote(entry.name()), storage.bytes(), entry.size()));
    }
    AtomicBoolean verified = new AtomicBoolean();
    return (from, length) -> {
      try (InputFile file = InputFile.open(path)) {
        if (!entry.isStored() || length == entry.size()) {
          ByteBuffer whole = entry.read(file);
          return whole.slice((int) from, (int) length).order(whole.order());
        }
        if (!verified.get()) {
          entry.verify(file);
          verified.set(true);
        }
        return file.read(entry.position(file) + from, length);
      }
    };
  }

  private static NamedTensors legacy(Path path, InputFile file) {
    PickleInput input = new PickleInput(file, 0, file.size());
    TorchNames names = new TorchNames(file);
    if (!LEGACY_MAGIC.equals(Pickle.read(input, names))) {
      throw file.fault("is a pickle, but none of PyTorch's");
    }
    if (!Long.valueOf(LEGACY_PROTOCOL).equals(Pickle.read(input, names))) {
      throw file.fault(
          "is of a format of PyTorch's that is not known; load and save it with a newer one");
    }
    if (Pickle.read(input, names) instanceof Pickle.Dictionary system
        && Boolean.FALSE.equals(system.entries().get("little_endian"))) {
      throw file.fault(
          "was written on a big-endian machine; load and save it with a newer PyTorch");
    }
    Object value = Pickle.read(input, names);
    if (!(Pickle.read(input, names) instanceof Pickle.Tuple keys)) {
      throw file.fault("has no list of its storages");
    }
    Map<String, Long> positions = new HashMap<>();
    long position = input.position();
    for (Object key : keys.items()) {
      TorchNames.Storage storage = key instanceof String name ? names.storage(name) : null;
      if (storage == null) {
        throw file.fault("lists a storage that none of its tensors has");
      }
      position += Long.BYTES;
      long elements = file.read(position - Long.BYTES, Long.BYTES).getLong();
      if (elements != storage.elements() || storage.bytes() > file.size() - position) {
        throw file.fault(
            "the storage %s should have %d elements, has %d in %d bytes"
                .formatted(
                    Text.quote(storage.key()),
                    storage.elements(),
                    elements,
                    file.size() - position));
      }
      positions.put(storage.key(), position);
      position += storage.bytes();
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    StateDict.of(file, value)
        .forEach(
            (name, view) -> {
              Long at = positions.get(view.storage().key());
              if (at == null) {
                throw file.fault("has no storage for tensor " + Text.quote(name));
              }
              Bytes bytes =
                  (from, length) -> {
                    try (InputFile reopened = InputFile.open(path)) {
                      return reopened.read(at + from, length);
                    }
                  };
              tensors.put(name, tensor(path, name, view, ByteOrder.LITTLE_ENDIAN, bytes));
            });
    return named(path, tensors);
  }

  private static NamedTensors named(Path path, Map<String, StoredTensor> tensors) {
    return new NamedTensors(path, tensors, Naming.TORCH.metadata());
  }

  private static StoredTensor tensor(
      Path path, String name, TorchNames.View view, ByteOrder order, Bytes bytes) {
    int elementBytes = view.type().bytes();
    return new StoredTensor(
        path,
        name,
        view.type(),
        view.size(),
        () ->
            Strided.rowMajor(
                    bytes.read(
                        view.offset() * elementBytes,
                        Strided.span(view.size(), view.strides()) * elementBytes),
                    elementBytes,
                    view.size(),
                    view.strides())
                .order(order));
  }
}
