import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of JSON as a node needs: it splits a text into its parts, and leaves each part unchanged.
 *
 * <p>A value that is only passed on is never decoded, so that neither the digits of a number nor the escapes of a
 * string can change. The parts of an object or array are found by one rule: a value ends at the first comma, colon or
 * closing bracket that is outside strings and nested brackets. Texts are assumed to be valid JSON, as Maelstrom's are.
 */
final class Json {
  private Json() {}

  /** The members of an object: names decoded, values as in the text. */
  static Map<String, String> members(String object) {
    List<String> parts = parts(object);
    Map<String, String> members = new LinkedHashMap<>();
    for (int i = 0; i + 1 < parts.size(); i += 2) members.put(decode(parts.get(i)), parts.get(i + 1));
    return members;
  }

  /** The elements of an array. */
  static List<String> items(String array) {
    return parts(array);
  }

  /** Writes an object with members whose values are already JSON. */
  static String object(Map<String, String> members) {
    List<String> texts = new ArrayList<>();
    members.forEach((name, value) -> texts.add(quote(name) + ":" + value));
    return "{" + String.join(",", texts) + "}";
  }

  /** The text between the brackets, split at its commas and colons. */
  private static List<String> parts(String value) {
    List<String> parts = new ArrayList<>();
    String trimmed = value.strip();
    int last = trimmed.length() - 1;
    for (int start = 1; start < last; ) {
      int end = endOfValue(trimmed, start, last);
      String part = trimmed.substring(start, end).strip();
      if (!part.isEmpty()) parts.add(part);
      start = end + 1;
    }
    return parts;
  }

  private static int endOfValue(String text, int start, int last) {
    int depth = 0;
    boolean inString = false;
    for (int at = start; at < last; at++) {
      char c = text.charAt(at);
      if (inString) {
        if (c == '\\') at++;
        else if (c == '"') inString = false;
      } else if (c == '"') inString = true;
      else if (c == '{' || c == '[') depth++;
      else if (c == '}' || c == ']') depth--;
      else if (depth == 0 && (c == ',' || c == ':')) return at;
    }
    return last;
  }

  /** The characters of a string, which is passed with its quotes. */
  static String decode(String string) {
    StringBuilder text = new StringBuilder();
    for (int at = 1; at < string.length() - 1; at++) {
      char c = string.charAt(at);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      c = string.charAt(++at);
      switch (c) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(string, at + 1, at + 5, 16));
          at += 4;
        }
        default -> text.append(c); // a quote, a slash or a backslash
      }
    }
    return text.toString();
  }

  /** The text as a JSON string. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      // Half of a surrogate pair could not be written as UTF-8.
      if (c < ' ' || Character.isSurrogate(c)) quoted.append(String.format("\\u%04x", (int) c));
      else if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else quoted.append(c);
    }
    return quoted.append('"').toString();
  }
}
