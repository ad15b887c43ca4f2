import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Linearizable key-value store without any library: every request is forwarded to the service {@code lin-kv}.
 *
 * <pre>javac -d classes LinKv.java Json.java      # lin-kv.sh starts it</pre>
 *
 * <p>Shows a node that asks another one before it answers. Clients number their requests independently of each other,
 * so the node gives its own numbers to the requests that it forwards, and remembers the original request of each.
 * Replies are handed back unchanged, including errors. When there is none, the client gets error 0, which promises
 * nothing: the write may have been lost, or may have been executed. A definite error would be a lie, and a retry might
 * execute it twice.
 */
public final class LinKv {
  private static final long PATIENCE_MS = 2000;

  /** A forwarded request. */
  private record Waiting(String client, String msgId) {}

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  /** Indexed by this node's number. */
  private final Map<Long, Waiting> waiting = new HashMap<>();

  // Starts at the current time, so that a late reply to an earlier life of this node is not mistaken for one to this
  // life.
  private long lastNumber = System.currentTimeMillis();

  private String id;

  synchronized void handle(String line) {
    Map<String, String> message = Json.members(line);
    Map<String, String> body = Json.members(message.get("body"));
    if (body.containsKey("in_reply_to")) {
      handBack(body);
      return;
    }
    Waiting request = new Waiting(message.get("src"), body.get("msg_id"));
    String type = Json.decode(body.get("type"));
    switch (type) {
      case "init" -> {
        id = message.get("dest");
        reply(request, new LinkedHashMap<>(Map.of("type", "\"init_ok\"")));
      }
      case "read", "write", "cas" -> passOn(request, body);
      default -> {
        if (request.msgId != null) refuse(request, 10, type + " is not supported");
      }
    }
  }

  private void passOn(Waiting request, Map<String, String> body) {
    long number = ++lastNumber;
    waiting.put(number, request);
    timer.schedule(() -> giveUp(number), PATIENCE_MS, TimeUnit.MILLISECONDS);
    body.put("msg_id", Long.toString(number));
    send("\"lin-kv\"", body);
  }

  private void handBack(Map<String, String> answer) {
    Waiting request = waiting.remove(Long.parseLong(answer.get("in_reply_to")));
    if (request == null) return; // it comes too late: the client has its answer
    answer.remove("msg_id");
    reply(request, answer);
  }

  private synchronized void giveUp(long number) {
    Waiting request = waiting.remove(number);
    if (request != null) refuse(request, 0, "lin-kv does not answer");
  }

  private void refuse(Waiting request, int code, String text) {
    Map<String, String> error = new LinkedHashMap<>();
    error.put("type", "\"error\"");
    error.put("code", Integer.toString(code));
    error.put("text", Json.quote(text));
    reply(request, error);
  }

  private void reply(Waiting request, Map<String, String> answer) {
    answer.put("in_reply_to", request.msgId);
    send(request.client, answer);
  }

  private void send(String dest, Map<String, String> body) {
    out.println("{\"src\":%s,\"dest\":%s,\"body\":%s}".formatted(id, dest, Json.object(body)));
  }

  public static void main(String[] args) throws IOException {
    LinKv node = new LinKv();
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) node.handle(line);
    node.timer.shutdownNow(); // its thread would keep the program alive
  }
}
