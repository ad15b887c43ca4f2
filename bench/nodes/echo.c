/*
 * The cheapest node there is: answers `init` and `echo`, reads and writes in pieces as large as they come.
 * It trusts what the harness writes (fields in any order, but no escaped quotes in names) and is no example to follow.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char input[1 << 20];
static char output[1 << 21];
static size_t written = 0;

static void flush_output(void) {
  size_t at = 0;
  while (at < written) {
    ssize_t count = write(1, output + at, written - at);
    if (count <= 0) exit(1);
    at += (size_t)count;
  }
  written = 0;
}

static void put(const char *text, size_t length) {
  if (written + length > sizeof output) flush_output();
  memcpy(output + written, text, length);
  written += length;
}

#define PUT(literal) put(literal, sizeof literal - 1)

/* The value after `key`, without its quotes when it is a string. */
static char *field(char *line, char *end, const char *key, size_t *length) {
  char *at = memmem(line, (size_t)(end - line), key, strlen(key));
  if (at == NULL) return NULL;
  at += strlen(key);
  char *stop = at;
  if (*at == '"') {
    stop = ++at;
    while (stop < end && *stop != '"') stop += *stop == '\\' ? 2 : 1;
  } else {
    while (stop < end && *stop != ',' && *stop != '}') stop++;
  }
  *length = (size_t)(stop - at);
  return at;
}

static void answer(char *line, char *end) {
  size_t src_length, dest_length, id_length, type_length, echo_length;
  char *src = field(line, end, "\"src\":", &src_length);
  char *dest = field(line, end, "\"dest\":", &dest_length);
  char *id = field(line, end, "\"msg_id\":", &id_length);
  char *type = field(line, end, "\"type\":", &type_length);
  if (src == NULL || dest == NULL || id == NULL || type == NULL) return;
  PUT("{\"src\":\"");
  put(dest, dest_length);
  PUT("\",\"dest\":\"");
  put(src, src_length);
  PUT("\",\"body\":{\"type\":\"");
  put(type, type_length);
  PUT("_ok\",\"in_reply_to\":");
  put(id, id_length);
  char *echo = field(line, end, "\"echo\":", &echo_length);
  if (echo != NULL) {
    PUT(",\"echo\":\"");
    put(echo, echo_length);
    PUT("\"");
  }
  PUT("}}\n");
}

int main(void) {
  size_t held = 0;
  for (;;) {
    ssize_t count = read(0, input + held, sizeof input - held);
    if (count <= 0) return 0;
    held += (size_t)count;
    char *line = input;
    char *end;
    while ((end = memchr(line, '\n', held - (size_t)(line - input))) != NULL) {
      answer(line, end);
      line = end + 1;
    }
    held -= (size_t)(line - input);
    memmove(input, line, held);
    flush_output();
  }
}
