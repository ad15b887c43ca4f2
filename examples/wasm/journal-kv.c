/*
 * A linearizable store on one node that survives kill -9: writes are in a journal before they are acknowledged.
 *
 *     clang --target=wasm32-wasi -Os -s -o journal-kv.wasm journal-kv.c
 *     ../../maelstrom test -w lin-kv --bin journal-kv.wasm --node-count 1 --concurrency 8 --nemesis kill --nemesis-interval 1 --simulate
 *
 * Shows what a disk promises: a kill may lose a write that was not synced, or a part of it. So fsync comes before the
 * reply, and an incomplete last line is removed when the journal is read. Leave fsync out and see what the simulation
 * does:
 *
 *     clang --target=wasm32-wasi -Os -s -DFORGETFUL -o forgetful-kv.wasm journal-kv.c
 *
 * Nothing here is specific to WebAssembly: `cc -O2 -o journal-kv journal-kv.c` makes a native program of it.
 */
#define _POSIX_C_SOURCE 200809L
#include "../c/json.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

typedef struct Entry {
  Json key, value;
  struct Entry *next;
} Entry;

static Entry *entries;
static int journal;

static Entry *find(Json key) {
  for (Entry *entry = entries; entry; entry = entry->next)
    if (json_same(entry->key, key)) return entry;
  return NULL;
}

static void put(Json key, Json value) {
  Entry *entry = find(key);
  if (!entry) {
    entry = calloc(1, sizeof *entry);
    if (!entry) abort();
    entry->key = json_kept(key);
    entry->next = entries;
    entries = entry;
  }
  free((char *)entry->value.at);
  entry->value = json_kept(value);
}

/* Reads what earlier lives have written, and cuts an incomplete last line off. */
static void open_journal(void) {
  const char *folder = getenv("MAELSTROM_DATA_DIR");
  char path[4096], *line = NULL;
  size_t room = 0;
  off_t whole = 0;
  ssize_t length;
  snprintf(path, sizeof path, "%s/journal", folder ? folder : ".");
  FILE *file = fopen(path, "a+");
  if (!file) perror(path), exit(1);
  rewind(file);
  while ((length = getline(&line, &room, file)) > 0 && line[length - 1] == '\n') {
    Json both = json_of(line), key, value;
    if (json_cut(&both, &key) && json_cut(&both, &value)) put(key, value);
    whole += length;
  }
  free(line);
  fclose(file);
  journal = open(path, O_WRONLY | O_APPEND);
  if (journal < 0 || ftruncate(journal, whole) != 0) perror(path), exit(1);
}

/* Must be on disk before it becomes visible. */
static void save(Json key, Json value) {
  size_t length = key.length + value.length + 2;
  char *line = malloc(length + 1);
  if (!line) abort();
  snprintf(line, length + 1, "%.*s:%.*s\n", JSON_SHOWN(key), JSON_SHOWN(value));
  if (write(journal, line, length) != (ssize_t)length) perror("journal"), exit(1);
#ifndef FORGETFUL
  if (fsync(journal) != 0) perror("journal"), exit(1);
#endif
  free(line);
  put(key, value);
}

static void answer(Json message, const char *says, Json value) {
  Json body = json_field(message, "body");
  printf("{\"src\":%.*s,\"dest\":%.*s,\"body\":{%s%.*s,\"in_reply_to\":%.*s}}\n",
         JSON_SHOWN(json_field(message, "dest")), JSON_SHOWN(json_field(message, "src")), says, JSON_SHOWN(value),
         JSON_SHOWN(json_field(body, "msg_id")));
}

static void handle(Json message) {
  const Json none = {"", 0};
  Json body = json_field(message, "body"), type = json_field(body, "type"), key = json_field(body, "key");
  Entry *entry = key.at ? find(key) : NULL;

  if (json_is(type, "init")) {
    answer(message, "\"type\":\"init_ok\"", none);
  } else if (json_is(type, "write")) {
    save(key, json_field(body, "value"));
    answer(message, "\"type\":\"write_ok\"", none);
  } else if (!json_is(type, "read") && !json_is(type, "cas")) {
    answer(message, "\"type\":\"error\",\"code\":10,\"text\":\"not supported\"", none);
  } else if (!entry) {
    answer(message, "\"type\":\"error\",\"code\":20,\"text\":\"no such key\"", none);
  } else if (json_is(type, "read")) {
    answer(message, "\"type\":\"read_ok\",\"value\":", entry->value);
  } else if (!json_same(entry->value, json_field(body, "from"))) {
    answer(message, "\"type\":\"error\",\"code\":22,\"text\":\"another value\"", none);
  } else {
    save(key, json_field(body, "to"));
    answer(message, "\"type\":\"cas_ok\"", none);
  }
}

int main(void) {
  char *line = NULL;
  size_t room = 0;
  setvbuf(stdout, NULL, _IOLBF, 0); /* a pipe is not a terminal: flush after each line */
  open_journal();
  while (getline(&line, &room, stdin) > 0) handle(json_of(line));
}
