package dev.depthwise.weights;

import dev.depthwise.network.InputException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pickle, Python's way to write objects down: a program for a stack machine.
 *
 * <p>Nothing is ever run. What the program names is looked up in {@link Names}, which knows a few
 * harmless things and refuses all others; what it "calls" are functions of that list. Values are
 * {@link Boolean}, {@link Long}, {@link BigInteger}, {@link Double}, {@link String}, {@code
 * byte[]}, {@link Tuple} (lists and sets too), {@link Dictionary}, {@link Nothing} and what the
 * list makes. Nothing here walks down into a value, so that one that holds itself does no harm.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">the operations</a>
 */
final class Pickle {
  /** Each is an object of a few dozen bytes: a checkpoint of a thousand layers makes 100,000. */
  private static final int MOST_VALUES = 500_000;

  private static final int NEWEST_PROTOCOL = 5;

  private final PickleInput input;
  private final Names names;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private int values;

  private Pickle(PickleInput input, Names names) {
    this.input = input;
    this.names = names;
  }

  /** What a pickle may name. */
  interface Names {
    /**
     * The value of that name: a {@link Function}, or anything else.
     *
     * @throws InputException if it is none of those that are known
     */
    Object find(String module, String name);

    /** The value that stands outside of the pickle under that key. */
    Object persistent(Object key);
  }

  /** What a pickle may call. */
  @FunctionalInterface
  interface Function {
    Object call(List<Object> arguments);
  }

  /** Python's {@code None}. */
  enum Nothing {
    NOTHING
  }

  /** Marks a place on the stack. */
  private enum Mark {
    MARK
  }

  /** A tuple, list or set; equal to nothing but itself. */
  static final class Tuple {
    private final List<Object> items;

    Tuple(List<Object> items) {
      this.items = items;
    }

    List<Object> items() {
      return items;
    }
  }

  /** A dictionary; equal to nothing but itself. */
  static final class Dictionary {
    private final Map<Object, Object> entries = new LinkedHashMap<>();

    Map<Object, Object> entries() {
      return entries;
    }
  }

  /** Reads the next pickle of the input, up to and with its end. */
  static Object read(PickleInput input, Names names) {
    return new Pickle(input, names).run();
  }

  private Object run() {
    while (true) {
      long at = input.position();
      int operation = input.unsignedByte();
      if (operation == '.') {
        return pop();
      }
      if (!number(operation) && !text(operation) && !collection(operation) && !other(operation)) {
        throw input.fault(
            "holds the operation %s at byte %d, which no state dict needs; it was not run"
                .formatted(said(operation), at));
      }
    }
  }

  private boolean number(int operation) {
    switch (operation) {
      case 'N' -> push(Nothing.NOTHING);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) input.unsignedByte());
      case 'M' -> push((long) input.unsignedShort());
      case 'J' -> push((long) input.signedInt());
      case 'G' -> push(input.bigEndianDouble());
      case 0x8a -> push(narrow(input.number(input.unsignedByte())));
      case 0x8b -> push(narrow(input.number(input.unsignedInt())));
      case 'I' -> push(integer(input.line()));
      case 'L' -> push(integer(input.line().replaceFirst("L$", "")));
      case 'F' -> push(floating(input.line()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean text(int operation) {
    switch (operation) {
      case 'X' -> push(input.text(input.unsignedInt()));
      case 0x8c -> push(input.text(input.unsignedByte()));
      case 0x8d -> push(input.text(input.signedLong()));
      // Text of Python 2, in whatever encoding it had.
      case 'T' -> push(latin(input.bytes(input.unsignedInt())));
      case 'U' -> push(latin(input.bytes(input.unsignedByte())));
      case 'B' -> push(input.bytes(input.unsignedInt()));
      case 'C' -> push(input.bytes(input.unsignedByte()));
      case 0x8e, 0x96 -> push(input.bytes(input.signedLong()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean collection(int operation) {
    switch (operation) {
      case ')', ']', 0x8f -> push(new Tuple(new ArrayList<>(0)));
      case '(' -> push(Mark.MARK);
      case 't', 'l', 0x91 -> push(new Tuple(popToMark()));
      case 0x85 -> push(new Tuple(popLast(1)));
      case 0x86 -> push(new Tuple(popLast(2)));
      case 0x87 -> push(new Tuple(popLast(3)));
      case '}' -> push(new Dictionary());
      case 'd' -> {
        Dictionary dictionary = new Dictionary();
        put(dictionary, popToMark());
        push(dictionary);
      }
      case 'a' -> append(popLast(1));
      case 'e', 0x90 -> append(popToMark());
      case 's' -> putOnTop(popLast(2));
      case 'u' -> putOnTop(popToMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean other(int operation) {
    switch (operation) {
      case 0x80 -> {
        int protocol = input.unsignedByte();
        if (protocol > NEWEST_PROTOCOL) {
          throw input.fault(
              "is of protocol %d; known are 0 to %d".formatted(protocol, NEWEST_PROTOCOL));
        }
      }
      // How long the next part is: nothing that a reader needs.
      case 0x95 -> input.signedLong();
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top());
      case 'q' -> remember(input.unsignedByte());
      case 'r' -> remember(input.unsignedInt());
      case 'p' -> remember(key(input.line()));
      case 0x94 -> remember(memo.size());
      case 'h' -> recall(input.unsignedByte());
      case 'j' -> recall(input.unsignedInt());
      case 'g' -> recall(key(input.line()));
      case 'c' -> {
        String module = input.line();
        push(names.find(module, input.line()));
      }
      case 0x93 -> {
        List<Object> name = popLast(2);
        if (!(name.get(0) instanceof String module) || !(name.get(1) instanceof String member)) {
          throw input.fault("names something with what is no text");
        }
        push(names.find(module, member));
      }
      case 'Q' -> push(names.persistent(pop()));
      case 'R', 0x81 -> {
        List<Object> call = popLast(2);
        if (!(call.get(0) instanceof Function function)
            || !(call.get(1) instanceof Tuple arguments)) {
          throw input.fault("calls what is no function");
        }
        push(function.call(arguments.items()));
      }
      // The state of an object: the few that are known have none that matters.
      case 'b' -> pop();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void push(Object value) {
    values++;
    if (values > MOST_VALUES) {
      throw input.fault("holds more than %d values".formatted(MOST_VALUES));
    }
    stack.add(value);
  }

  private Object pop() {
    return popLast(1).get(0);
  }

  private List<Object> popLast(int count) {
    int from = stack.size() - count;
    if (from < 0) {
      throw input.fault("takes more values than it has");
    }
    return cut(from);
  }

  private List<Object> popToMark() {
    int mark = stack.lastIndexOf(Mark.MARK);
    if (mark < 0) {
      throw input.fault("takes more values than it has");
    }
    List<Object> items = cut(mark + 1);
    stack.remove(mark);
    return items;
  }

  private List<Object> cut(int from) {
    List<Object> tail = stack.subList(from, stack.size());
    List<Object> items = new ArrayList<>(tail);
    tail.clear();
    return items;
  }

  private Object top() {
    if (stack.isEmpty()) {
      throw input.fault("takes more values than it has");
    }
    return stack.get(stack.size() - 1);
  }

  private void append(List<Object> items) {
    if (!(top() instanceof Tuple list)) {
      throw input.fault("appends to what is no list");
    }
    list.items().addAll(items);
  }

  private void putOnTop(List<Object> items) {
    if (!(top() instanceof Dictionary dictionary)) {
      throw input.fault("sets entries of what is no dictionary");
    }
    put(dictionary, items);
  }

  private void put(Dictionary dictionary, List<Object> items) {
    if (items.size() % 2 != 0) {
      throw input.fault("sets a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      dictionary.entries().put(items.get(i), items.get(i + 1));
    }
  }

  private void remember(long key) {
    memo.put(key, top());
    if (memo.size() > MOST_VALUES) {
      throw input.fault("remembers more than %d values".formatted(MOST_VALUES));
    }
  }

  private void recall(long key) {
    Object value = memo.get(key);
    if (value == null) {
      throw input.fault("recalls value %d, which it never stored".formatted(key));
    }
    push(value);
  }

  private Object integer(String text) {
    // Python 1 and 2 wrote truth values so.
    if (text.equals("00") || text.equals("01")) {
      return text.equals("01");
    }
    try {
      return narrow(new BigInteger(text));
    } catch (NumberFormatException e) {
      throw input.fault("holds the number " + Text.quote(text));
    }
  }

  private long key(String text) {
    if (integer(text) instanceof Long key) {
      return key;
    }
    throw input.fault("remembers something under " + Text.quote(text));
  }

  private Object floating(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw input.fault("holds the number " + Text.quote(text));
    }
  }

  private static Object narrow(BigInteger number) {
    if (number.bitLength() < Long.SIZE) {
      return number.longValue();
    }
    return number;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String said(int operation) {
    return operation > ' ' && operation < 0x7f
        ? "'" + (char) operation + "'"
        : "0x%02x".formatted(operation);
  }
}
