/*
 * Lines of stdin, with a limit on the waiting time, so that one thread can both answer messages and do something
 * periodically. (getline() and fgets() cannot do that, and their buffers must not be mixed with poll().)
 */
#ifndef LINES_H
#define LINES_H

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  char *text;
  size_t start, end, room; /* what was read and not returned yet */
} Lines;

/* A monotonic clock. */
static inline long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Returns the next line, which is valid until the next call, or NULL when none came in time. Exits when stdin ends. */
static inline char *next_line(Lines *lines, long long wait_ms) {
  long long deadline = now_ms() + wait_ms;
  for (;;) {
    char *newline = memchr(lines->text + lines->start, '\n', lines->end - lines->start);
    if (newline) {
      char *line = lines->text + lines->start;
      *newline = 0;
      lines->start = (size_t)(newline + 1 - lines->text);
      return line;
    }
    long long left = deadline - now_ms();
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&in, 1, left > 0 ? (int)left : 0) <= 0) return NULL;
    if (lines->start > 0) {
      memmove(lines->text, lines->text + lines->start, lines->end - lines->start);
      lines->end -= lines->start;
      lines->start = 0;
    }
    if (lines->room - lines->end < 4096) {
      lines->room = lines->room * 2 + 4096;
      lines->text = realloc(lines->text, lines->room);
      if (!lines->text) abort();
    }
    ssize_t count = read(STDIN_FILENO, lines->text + lines->end, lines->room - lines->end);
    if (count <= 0) exit(0);
    lines->end += (size_t)count;
  }
}

#endif
