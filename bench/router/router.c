/*
 * The least a router can do: starts N nodes over pipes, reads lines, finds "dest", appends the line to that node's
 * output, and writes each output once a turn. No journal, no checks, no ids. What the harness is compared with.
 *
 *     router NODES IN_FLIGHT MESSAGES PROGRAM [ARGS...]      prints microseconds of its CPU per message
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_NODES = 64, SIZE = 1 << 18 };

struct node {
  pid_t pid;
  int to, from;
  size_t held, filled;
  char in[SIZE], out[SIZE];
};

static struct node nodes[MAX_NODES];

static double cpu_micros(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_sec * 1e6 + usage.ru_stime.tv_usec;
}

static void start(struct node *node, char **command) {
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) exit(1);
  node->pid = fork();
  if (node->pid == 0) {
    dup2(to[0], 0);
    dup2(from[1], 1);
    execv(command[0], command);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  node->to = to[1];
  node->from = from[0];
}

static void put(struct node *node, const char *line, size_t length) {
  if (node->filled + length > SIZE) exit(1);
  memcpy(node->out + node->filled, line, length);
  node->filled += length;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int count = atoi(argv[1]), in_flight = atoi(argv[2]);
  long wanted = atol(argv[3]), routed = 0, warm_up = wanted / 10;
  double begun = 0;
  struct pollfd polled[MAX_NODES];
  for (int i = 0; i < count; i++) {
    start(&nodes[i], argv + 4);
    polled[i].fd = nodes[i].from;
    polled[i].events = POLLIN;
  }
  for (int i = 0; i < in_flight; i++) {
    char line[256];
    int length = snprintf(line, sizeof line, "{\"src\":\"c1\",\"dest\":\"n%d\",\"body\":{\"type\":\"hop\",\"msg_id\":1}}\n", i % count + 1);
    put(&nodes[i % count], line, (size_t)length);
  }
  while (routed < wanted + warm_up) {
    for (int i = 0; i < count; i++) {
      if (nodes[i].filled == 0) continue;
      if (write(nodes[i].to, nodes[i].out, nodes[i].filled) != (ssize_t)nodes[i].filled) return 1;
      nodes[i].filled = 0;
    }
    poll(polled, (nfds_t)count, -1);
    for (int i = 0; i < count; i++) {
      struct node *node = &nodes[i];
      if (!(polled[i].revents & POLLIN)) continue;
      ssize_t got = read(node->from, node->in + node->held, SIZE - node->held);
      if (got <= 0) return 1;
      size_t end = node->held + (size_t)got, at = 0;
      char *newline;
      while ((newline = memchr(node->in + at, '\n', end - at)) != NULL) {
        size_t length = (size_t)(newline - node->in) + 1 - at;
        char *dest = memmem(node->in + at, length, "\"dest\":\"n", 9);
        int number = dest == NULL ? 0 : atoi(dest + 9);
        if (number < 1 || number > count) return 1;
        put(&nodes[number - 1], node->in + at, length);
        at += length;
        if (++routed == warm_up) begun = cpu_micros();
      }
      node->held = end - at;
      memmove(node->in, node->in + at, node->held);
    }
  }
  printf("%.3f\n", (cpu_micros() - begun) / (double)(routed - warm_up));
  for (int i = 0; i < count; i++) kill(nodes[i].pid, SIGKILL);
  while (wait(NULL) > 0) {
  }
  return 0;
}
