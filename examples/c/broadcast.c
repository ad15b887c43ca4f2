/*
 * Broadcast without any library: a value sent to one node reaches all of them, even across partitions.
 *
 *     cc -O2 -o broadcast broadcast.c
 *
 * Shows how to be sure over a network that loses messages: for each neighbour the node keeps the values that this
 * neighbour has not acknowledged, and resends them until it does. Receiving a value twice does no harm, because adding
 * it to a set twice changes nothing. Names and values are kept as JSON text, and written unchanged.
 */
#define _POSIX_C_SOURCE 200809L
#include "json.h"
#include "lines.h"
#include <stdio.h>

enum { AGAIN_MS = 500 };

/* A set of values; an array is enough for the number of values in a test. */
typedef struct {
  Json *values;
  size_t count, room;
} Set;

typedef struct {
  Json name;
  Set unheard; /* the values that it may not know yet */
} Neighbour;

static Json id;
static Set seen;
static Neighbour *neighbours;
static size_t neighbour_count;

static bool add(Set *set, Json value) {
  for (size_t i = 0; i < set->count; i++)
    if (json_same(set->values[i], value)) return false;
  if (set->count == set->room) {
    set->room = set->room * 2 + 16;
    set->values = realloc(set->values, set->room * sizeof(Json));
    if (!set->values) abort();
  }
  set->values[set->count++] = json_kept(value);
  return true;
}

static void take_out(Set *set, Json value) {
  for (size_t i = 0; i < set->count; i++) {
    if (!json_same(set->values[i], value)) continue;
    free((char *)set->values[i].at);
    set->values[i] = set->values[--set->count];
    return;
  }
}

static void print_set(const Set *set) {
  putchar('[');
  for (size_t i = 0; i < set->count; i++) printf("%s%.*s", i ? "," : "", JSON_SHOWN(set->values[i]));
  putchar(']');
}

static void begin(Json dest, const char *type) {
  printf("{\"src\":%.*s,\"dest\":%.*s,\"body\":{\"type\":\"%s\"", JSON_SHOWN(id), JSON_SHOWN(dest), type);
}

static void tell(const Neighbour *neighbour, const Set *values) {
  begin(neighbour->name, "tell");
  printf(",\"values\":");
  print_set(values);
  printf("}}\n");
}

static void learn(Json value, Json teller) {
  if (!add(&seen, value)) return;
  for (size_t i = 0; i < neighbour_count; i++) {
    if (json_same(neighbours[i].name, teller)) continue;
    add(&neighbours[i].unheard, value);
    tell(&neighbours[i], &(Set){&value, 1, 1});
  }
}

static void say_again(void) {
  for (size_t i = 0; i < neighbour_count; i++)
    if (neighbours[i].unheard.count > 0) tell(&neighbours[i], &neighbours[i].unheard);
}

static void meet(Json name) {
  neighbours = realloc(neighbours, (neighbour_count + 1) * sizeof(Neighbour));
  if (!neighbours) abort();
  Neighbour *neighbour = &neighbours[neighbour_count++];
  *neighbour = (Neighbour){.name = json_kept(name)};
  for (size_t i = 0; i < seen.count; i++) add(&neighbour->unheard, seen.values[i]);
}

static void heard(Json name, Json value) {
  for (size_t i = 0; i < neighbour_count; i++)
    if (json_same(neighbours[i].name, name)) take_out(&neighbours[i].unheard, value);
}

/* Reads this node's neighbours from a topology, which lists those of all nodes. */
static Json own_neighbours(Json topology) {
  Json rest = json_inside(topology), name, names;
  while (json_cut_member(&rest, &name, &names))
    if (json_same(name, id)) return names;
  return json_of("[]");
}

static void end_reply(Json msg_id) { printf(",\"in_reply_to\":%.*s}}\n", JSON_SHOWN(msg_id)); }

static void handle(Json message) {
  Json src = json_field(message, "src"), body = json_field(message, "body");
  Json type = json_field(body, "type"), msg_id = json_field(body, "msg_id");
  Json rest, value;

  if (json_is(type, "init")) {
    id = json_kept(json_field(message, "dest"));
    begin(src, "init_ok");
    end_reply(msg_id);
  } else if (json_is(type, "topology")) {
    rest = json_inside(own_neighbours(json_field(body, "topology")));
    while (json_cut(&rest, &value)) meet(value);
    begin(src, "topology_ok");
    end_reply(msg_id);
  } else if (json_is(type, "broadcast")) {
    learn(json_field(body, "message"), src);
    begin(src, "broadcast_ok");
    end_reply(msg_id);
  } else if (json_is(type, "read")) {
    begin(src, "read_ok");
    printf(",\"messages\":");
    print_set(&seen);
    end_reply(msg_id);
  } else if (json_is(type, "tell")) { /* between nodes, like its acknowledgement */
    Json values = json_field(body, "values");
    for (rest = json_inside(values); json_cut(&rest, &value);) learn(value, src);
    begin(src, "heard");
    printf(",\"values\":%.*s}}\n", JSON_SHOWN(values));
  } else if (json_is(type, "heard")) {
    for (rest = json_inside(json_field(body, "values")); json_cut(&rest, &value);) heard(src, value);
  } else if (msg_id.at) {
    begin(src, "error");
    printf(",\"code\":10,\"text\":\"%.*s is not supported\"", JSON_SHOWN(json_bare(type)));
    end_reply(msg_id);
  }
}

int main(void) {
  Lines lines = {0};
  long long next_round = now_ms() + AGAIN_MS;
  setvbuf(stdout, NULL, _IOLBF, 0); /* a pipe is not a terminal: flush after each line */
  for (;;) {
    char *line = next_line(&lines, next_round - now_ms());
    if (line) handle(json_of(line));
    if (now_ms() < next_round) continue;
    say_again();
    next_round = now_ms() + AGAIN_MS;
  }
}
