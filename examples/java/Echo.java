import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Echo without any library: the whole protocol in one loop.
 *
 * <pre>javac -d classes Echo.java Json.java      # echo.sh starts it</pre>
 *
 * <p>Shows what a node is: a program that reads messages from stdin, one JSON object per line, and writes messages to
 * stdout the same way. Each message is flushed, or it would stay in a buffer while everyone waits for it; and both
 * directions are UTF-8, whatever the machine's settings. Debug output goes to stderr; stdout belongs to the protocol.
 * Json leaves values unchanged: {@code src} below is {@code "c1"} with its quotes.
 */
public final class Echo {
  private static Map<String, String> answer(Map<String, String> request) {
    Map<String, String> answer = new LinkedHashMap<>();
    String type = Json.decode(request.get("type"));
    switch (type) {
      case "init" -> {
        System.err.println("I am " + request.get("node_id"));
        answer.put("type", "\"init_ok\"");
      }
      case "echo" -> {
        answer.put("type", "\"echo_ok\"");
        answer.put("echo", request.get("echo"));
      }
      default -> {
        answer.put("type", "\"error\"");
        answer.put("code", "10");
        answer.put("text", Json.quote(type + " is not supported"));
      }
    }
    answer.put("in_reply_to", request.get("msg_id"));
    return answer;
  }

  public static void main(String[] args) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line; (line = in.readLine()) != null; ) {
      Map<String, String> message = Json.members(line);
      String body = Json.object(answer(Json.members(message.get("body"))));
      out.println(
          "{\"src\":%s,\"dest\":%s,\"body\":%s}".formatted(message.get("dest"), message.get("src"), body));
    }
  }
}
