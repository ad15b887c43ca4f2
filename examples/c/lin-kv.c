/*
 * Linearizable key-value store without any library: every request is forwarded to the service `lin-kv`.
 *
 *     cc -O2 -o lin-kv lin-kv.c
 *
 * Shows a node that asks another one before it answers. Clients number their requests independently of each other, so
 * the node gives its own numbers to the requests that it forwards, and remembers the original request of each. Replies
 * are handed back unchanged, including errors. When there is none, the client gets error 0, which promises nothing: the
 * write may have been lost, or may have been executed. A definite error would be a lie, and a retry might execute it
 * twice.
 */
#define _POSIX_C_SOURCE 200809L
#include "json.h"
#include "lines.h"
#include <stdio.h>

enum { PATIENCE_MS = 2000 };

/* A forwarded request. */
typedef struct Waiting {
  long long number, deadline;
  Json client, msg_id;
  struct Waiting *next;
} Waiting;

static Json id;
static long long last_number;
static Waiting *oldest, **newest = &oldest; /* where to link the next one */

/* Prints a body unchanged, except for its numbers: a message has its own, or its request's. */
static void send_changed(Json dest, Json body, const char *field, const char *number) {
  Json rest = json_inside(body), name, value;
  printf("{\"src\":%.*s,\"dest\":%.*s,\"body\":{\"%s\":%s", JSON_SHOWN(id), JSON_SHOWN(dest), field, number);
  while (json_cut_member(&rest, &name, &value))
    if (!json_is(name, "msg_id") && !json_is(name, "in_reply_to"))
      printf(",%.*s:%.*s", JSON_SHOWN(name), JSON_SHOWN(value));
  printf("}}\n");
}

static void send_error(Json dest, Json msg_id, int code, Json subject, const char *says) {
  printf("{\"src\":%.*s,\"dest\":%.*s,\"body\":{", JSON_SHOWN(id), JSON_SHOWN(dest));
  printf("\"type\":\"error\",\"code\":%d,\"text\":\"%.*s %s\"", code, JSON_SHOWN(subject), says);
  printf(",\"in_reply_to\":%.*s}}\n", JSON_SHOWN(msg_id));
}

static void pass_on(Json client, Json body, Json msg_id) {
  Waiting *waiting = malloc(sizeof *waiting);
  char number[32];
  if (!waiting) abort();
  *waiting = (Waiting){.number = ++last_number,
                       .deadline = now_ms() + PATIENCE_MS,
                       .client = json_kept(client),
                       .msg_id = json_kept(msg_id)};
  *newest = waiting;
  newest = &waiting->next;
  snprintf(number, sizeof number, "%lld", waiting->number);
  send_changed(json_of("\"lin-kv\""), body, "msg_id", number);
}

static void forget(Waiting **place) {
  Waiting *waiting = *place;
  *place = waiting->next;
  if (!*place) newest = place;
  free((char *)waiting->client.at);
  free((char *)waiting->msg_id.at);
  free(waiting);
}

static void hand_back(Json answer, Json in_reply_to) {
  long long number = strtoll(in_reply_to.at, NULL, 10);
  for (Waiting **place = &oldest; *place; place = &(*place)->next) {
    if ((*place)->number != number) continue;
    send_changed((*place)->client, answer, "in_reply_to", (*place)->msg_id.at);
    forget(place);
    return;
  } /* one that is not found is too late: the client has its answer */
}

static void give_up(void) {
  while (oldest && oldest->deadline <= now_ms()) {
    send_error(oldest->client, oldest->msg_id, 0, json_of("lin-kv"), "does not answer");
    forget(&oldest);
  }
}

static void handle(Json message) {
  Json src = json_field(message, "src"), body = json_field(message, "body");
  Json type = json_field(body, "type"), msg_id = json_field(body, "msg_id");
  Json in_reply_to = json_field(body, "in_reply_to");

  if (in_reply_to.at) {
    hand_back(body, in_reply_to);
  } else if (json_is(type, "init")) {
    id = json_kept(json_field(message, "dest"));
    printf("{\"src\":%.*s,\"dest\":%.*s,\"body\":{\"type\":\"init_ok\"", JSON_SHOWN(id), JSON_SHOWN(src));
    printf(",\"in_reply_to\":%.*s}}\n", JSON_SHOWN(msg_id));
  } else if (json_is(type, "read") || json_is(type, "write") || json_is(type, "cas")) {
    pass_on(src, body, msg_id);
  } else if (msg_id.at) {
    send_error(src, msg_id, 10, json_bare(type), "is not supported");
  }
}

int main(void) {
  Lines lines = {0};
  /* Starts at the current time, so that a late reply to an earlier life is not mistaken for one to this life. */
  last_number = time(NULL) * 1000LL;
  setvbuf(stdout, NULL, _IOLBF, 0); /* a pipe is not a terminal: flush after each line */
  for (;;) {
    char *line = next_line(&lines, oldest ? oldest->deadline - now_ms() : PATIENCE_MS);
    if (line) handle(json_of(line));
    give_up();
  }
}
