import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;

/**
 * Broadcast without any library: a value sent to one node reaches all of them, even across partitions.
 *
 * <pre>javac -d classes Broadcast.java Json.java      # broadcast.sh starts it</pre>
 *
 * <p>Shows how to be sure over a network that loses messages: for each neighbour the node keeps the values that this
 * neighbour has not acknowledged, and resends them until it does. Receiving a value twice does no harm, because adding
 * it to a set twice changes nothing. Two threads, one that reads and one that resends, take turns by a lock. Names and
 * values are kept as JSON text, and written unchanged.
 */
public final class Broadcast {
  private static final long AGAIN_MS = 500;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final Set<String> seen = new LinkedHashSet<>();

  /** For each neighbour, the values that it may not know yet. */
  private final Map<String, Set<String>> unheard = new LinkedHashMap<>();

  private String id;

  synchronized void handle(String line) {
    Map<String, String> message = Json.members(line);
    Map<String, String> body = Json.members(message.get("body"));
    String src = message.get("src");
    String msgId = body.get("msg_id");
    String type = Json.decode(body.get("type"));
    switch (type) {
      case "init" -> {
        id = message.get("dest");
        reply(src, msgId, "\"type\":\"init_ok\"");
      }
      case "topology" -> {
        Map<String, String> topology = Json.members(body.get("topology"));
        for (String neighbour : Json.items(topology.get(Json.decode(id))))
          unheard.put(neighbour, new LinkedHashSet<>(seen));
        reply(src, msgId, "\"type\":\"topology_ok\"");
      }
      case "broadcast" -> {
        learn(body.get("message"), src);
        reply(src, msgId, "\"type\":\"broadcast_ok\"");
      }
      case "read" -> reply(src, msgId, "\"type\":\"read_ok\",\"messages\":" + list(seen));
      case "tell" -> { // between nodes, like its acknowledgement
        String values = body.get("values");
        for (String value : Json.items(values)) learn(value, src);
        send(src, "\"type\":\"heard\",\"values\":" + values);
      }
      case "heard" -> Json.items(body.get("values")).forEach(unheard.get(src)::remove);
      default -> {
        String text = Json.quote(type + " is not supported");
        if (msgId != null) reply(src, msgId, "\"type\":\"error\",\"code\":10,\"text\":" + text);
      }
    }
  }

  synchronized void sayAgain() {
    unheard.forEach(
        (neighbour, values) -> {
          if (!values.isEmpty()) tell(neighbour, values);
        });
  }

  private void learn(String value, String teller) {
    if (!seen.add(value)) return;
    unheard.forEach(
        (neighbour, values) -> {
          if (neighbour.equals(teller)) return;
          values.add(value);
          tell(neighbour, List.of(value));
        });
  }

  private void tell(String neighbour, Collection<String> values) {
    send(neighbour, "\"type\":\"tell\",\"values\":" + list(values));
  }

  private void reply(String client, String msgId, String answer) {
    send(client, answer + ",\"in_reply_to\":" + msgId);
  }

  private void send(String dest, String fields) {
    out.println("{\"src\":%s,\"dest\":%s,\"body\":{%s}}".formatted(id, dest, fields));
  }

  private static String list(Collection<String> values) {
    return "[" + String.join(",", values) + "]";
  }

  public static void main(String[] args) throws IOException {
    Broadcast node = new Broadcast();
    // A daemon thread does not keep the program alive once stdin is closed.
    new Timer(true)
        .schedule(
            new TimerTask() {
              @Override
              public void run() {
                node.sayAgain();
              }
            },
            AGAIN_MS,
            AGAIN_MS);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) node.handle(line);
  }
}
