/*
 * Echo without any library: the whole protocol in one loop.
 *
 *     cc -O2 -o echo echo.c
 *
 * Shows what a node is: a program that reads messages from stdin, one JSON object per line, and writes messages to
 * stdout the same way. A pipe is not a terminal: without the call of setvbuf, output stays in a buffer while everyone
 * waits for it. Debug output goes to stderr; stdout belongs to the protocol. json.h leaves values unchanged: `src`
 * below is `"c1"` with its quotes.
 */
#define _POSIX_C_SOURCE 200809L
#include "json.h"
#include <stdio.h>

int main(void) {
  char *line = NULL;
  size_t room = 0;
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (getline(&line, &room, stdin) > 0) {
    Json message = json_of(line);
    Json src = json_field(message, "src"), dest = json_field(message, "dest");
    Json body = json_field(message, "body");
    Json type = json_field(body, "type"), msg_id = json_field(body, "msg_id");

    printf("{\"src\":%.*s,\"dest\":%.*s,\"body\":{", JSON_SHOWN(dest), JSON_SHOWN(src));
    if (json_is(type, "init")) {
      fprintf(stderr, "I am %.*s\n", JSON_SHOWN(dest));
      printf("\"type\":\"init_ok\"");
    } else if (json_is(type, "echo")) {
      printf("\"type\":\"echo_ok\",\"echo\":%.*s", JSON_SHOWN(json_field(body, "echo")));
    } else {
      printf("\"type\":\"error\",\"code\":10,\"text\":\"%.*s is not supported\"", JSON_SHOWN(json_bare(type)));
    }
    printf(",\"in_reply_to\":%.*s}}\n", JSON_SHOWN(msg_id));
  }
}
