package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle of PyTorch's may name: the dictionary, the functions that describe tensors, the
 * types of their elements, and a few things that stand beside the weights in checkpoints. Nothing
 * of them is run or kept but the description of the tensors.
 */
final class TorchNames implements Pickle.Names {
  private static final int MOST_DIMENSIONS = 32;

  /** A storage whose elements get their type from the tensor. */
  private static final String UNTYPED = "UntypedStorage";

  private static final Map<String, DataType> STORAGES =
      Map.of(
          "DoubleStorage", DataType.F64,
          "FloatStorage", DataType.F32,
          "HalfStorage", DataType.F16,
          "BFloat16Storage", DataType.BF16,
          "LongStorage", DataType.I64,
          "IntStorage", DataType.I32,
          "ShortStorage", DataType.I16,
          "CharStorage", DataType.I8,
          "ByteStorage", DataType.U8,
          "BoolStorage", DataType.BOOL);

  private static final Map<String, DataType> TYPES =
      Map.ofEntries(
          Map.entry("float64", DataType.F64),
          Map.entry("float32", DataType.F32),
          Map.entry("float16", DataType.F16),
          Map.entry("bfloat16", DataType.BF16),
          Map.entry("int64", DataType.I64),
          Map.entry("int32", DataType.I32),
          Map.entry("int16", DataType.I16),
          Map.entry("int8", DataType.I8),
          Map.entry("uint64", DataType.U64),
          Map.entry("uint32", DataType.U32),
          Map.entry("uint16", DataType.U16),
          Map.entry("uint8", DataType.U8),
          Map.entry("bool", DataType.BOOL));

  /** What stands beside the weights in a checkpoint and is not looked at. */
  private static final Set<String> BESIDE =
      Set.of(
          "__builtin__.set",
          "builtins.set",
          "_codecs.encode",
          "argparse.Namespace",
          "collections.Counter",
          "numpy.dtype",
          "numpy.ndarray",
          "numpy.core.multiarray._reconstruct",
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray._reconstruct",
          "numpy._core.multiarray.scalar",
          "torch.device",
          "torch.Size");

  private final InputFile file;
  private final Map<String, Storage> storages = new HashMap<>();

  TorchNames(InputFile file) {
    this.file = file;
  }

  /**
   * Numbers that tensors are views of.
   *
   * @param key its name in the file
   * @param elementBytes the size of an element
   * @param elements how many there are
   */
  record Storage(String key, int elementBytes, long elements) {
    long bytes() {
      return elementBytes * elements;
    }
  }

  /**
   * A tensor as a view.
   *
   * @param storage whose elements it shows
   * @param type of the elements
   * @param offset of the first one, in elements
   * @param size its extent
   * @param strides from one element to the next along each dimension, in elements
   */
  record View(Storage storage, DataType type, long offset, List<Long> size, List<Long> strides) {}

  /** What is known to be harmless and is not looked at. */
  private enum Beside implements Pickle.Function {
    BESIDE;

    @Override
    public Object call(List<Object> arguments) {
      return this;
    }
  }

  private record StorageType(String name) {}

  @Override
  public Object find(String module, String name) {
    String full = module + "." + name;
    if (module.equals("torch") || module.equals("torch.storage")) {
      if (STORAGES.containsKey(name) || name.equals(UNTYPED)) {
        return new StorageType(name);
      }
      DataType type = TYPES.get(name);
      if (type != null) {
        return type;
      }
    }
    switch (full) {
      case "collections.OrderedDict", "collections.defaultdict" -> {
        return (Pickle.Function) this::dictionary;
      }
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> {
        return (Pickle.Function) arguments -> tensor(arguments, null);
      }
      case "torch._utils._rebuild_tensor_v3" -> {
        return (Pickle.Function) arguments -> tensor(arguments, type(arguments));
      }
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" -> {
        return (Pickle.Function) arguments -> argument(arguments, 0);
      }
      default -> {
        if (BESIDE.contains(full)) {
          return Beside.BESIDE;
        }
        if (full.startsWith("torch._utils._rebuild") || full.matches("torch\\.\\w+Storage")) {
          throw file.fault(
              "holds a tensor of a kind that is not read, %s; dense ones of real numbers are"
                  .formatted(Text.quote(full)));
        }
        throw file.fault(
            "holds %s, which is no part of a state dict; nothing of it was run. Save the state"
                    .formatted(Text.quote(full))
                + " dict alone in Python: torch.save(model.state_dict(), PATH)");
      }
    }
  }

  /** The key is a tuple: 'storage', type, name, device, number of elements, perhaps a view. */
  @Override
  public Object persistent(Object key) {
    if (!(key instanceof Pickle.Tuple tuple)
        || tuple.items().size() < 5
        || !"storage".equals(tuple.items().get(0))
        || !(tuple.items().get(1) instanceof StorageType type)
        || !(tuple.items().get(2) instanceof String name)
        || !(tuple.items().get(4) instanceof Long elements)) {
      throw file.fault(
          "refers to something outside of its pickle that is no storage of numbers; save the"
              + " state dict alone in Python: torch.save(model.state_dict(), PATH)");
    }
    if (tuple.items().size() > 5 && tuple.items().get(5) != Pickle.Nothing.NOTHING) {
      throw file.fault(
          "holds storages that are views of storages, as PyTorch before 0.4 wrote them; load and"
              + " save it with a newer one");
    }
    DataType elementType = STORAGES.get(type.name());
    int bytes = elementType == null ? 1 : elementType.bytes();
    if (elements < 0 || elements > Long.MAX_VALUE / bytes) {
      throw file.fault("holds a storage of %d elements".formatted(elements));
    }
    Storage storage = new Storage(name, bytes, elements);
    Storage known = storages.putIfAbsent(name, storage);
    if (known != null && !known.equals(storage)) {
      throw file.fault("describes the storage %s in two ways".formatted(Text.quote(name)));
    }
    return new Typed(storage, elementType == null ? DataType.U8 : elementType);
  }

  /** The storage of that name, if one has been described. */
  @Nullable Storage storage(String key) {
    return storages.get(key);
  }

  private record Typed(Storage storage, DataType type) {}

  private Object dictionary(List<Object> arguments) {
    Pickle.Dictionary dictionary = new Pickle.Dictionary();
    if (!arguments.isEmpty() && arguments.get(0) instanceof Pickle.Tuple pairs) {
      for (Object item : pairs.items()) {
        if (!(item instanceof Pickle.Tuple pair) || pair.items().size() != 2) {
          throw file.fault("holds a dictionary that is not made of pairs");
        }
        dictionary.entries().put(pair.items().get(0), pair.items().get(1));
      }
    }
    return dictionary;
  }

  private View tensor(List<Object> arguments, @Nullable DataType given) {
    if (!(argument(arguments, 0) instanceof Typed typed)
        || !(argument(arguments, 1) instanceof Long offset)) {
      throw file.fault("describes a tensor in a way that is not known");
    }
    List<Long> size = numbers(argument(arguments, 2));
    List<Long> strides = numbers(argument(arguments, 3));
    DataType type = given == null ? typed.type() : given;
    Storage storage = typed.storage();
    if (size.size() != strides.size() || size.size() > MOST_DIMENSIONS || offset < 0) {
      throw file.fault(
          "describes a tensor of size %s with strides %s from element %d on"
              .formatted(Text.clean(size.toString()), Text.clean(strides.toString()), offset));
    }
    long available = storage.bytes() / type.bytes();
    if (!fits(offset, size, strides, available)) {
      throw file.fault(
          "describes a tensor of size %s with strides %s from element %d on, but its storage has %d"
              .formatted(size, strides, offset, available));
    }
    return new View(storage, type, offset, size, strides);
  }

  /** Whether all elements lie in the storage, and none is shown so often that it could explode. */
  private static boolean fits(long offset, List<Long> size, List<Long> strides, long available) {
    if (size.contains(0L)) {
      return size.stream().allMatch(extent -> extent >= 0) && offset <= available;
    }
    long last = offset;
    long count = 1;
    for (int i = 0; i < size.size(); i++) {
      long extent = size.get(i);
      long stride = strides.get(i);
      if (extent < 1 || stride < 0 || extent > available || count > available / extent) {
        return false;
      }
      count *= extent;
      if (stride > 0 && extent - 1 > available / stride) {
        return false;
      }
      last += (extent - 1) * stride;
    }
    return last >= 0 && last < available;
  }

  private DataType type(List<Object> arguments) {
    if (argument(arguments, 6) instanceof DataType type) {
      return type;
    }
    throw file.fault("describes a tensor in a way that is not known");
  }

  private Object argument(List<Object> arguments, int index) {
    if (index >= arguments.size()) {
      throw file.fault("describes a tensor in a way that is not known");
    }
    return arguments.get(index);
  }

  private List<Long> numbers(Object value) {
    List<Long> numbers = new ArrayList<>();
    if (value instanceof Pickle.Tuple tuple && tuple.items().size() <= MOST_DIMENSIONS) {
      for (Object item : tuple.items()) {
        if (item instanceof Long number) {
          numbers.add(number);
        } else {
          throw notNumbers();
        }
      }
      return numbers;
    }
    throw notNumbers();
  }

  private InputException notNumbers() {
    return file.fault("describes a tensor whose size or strides are no list of numbers");
  }
}
