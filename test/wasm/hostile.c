/*
 * What a program may do to its host, one thing for each name; built into hostile.wasm by the line below. It answers `init` first where
 * it is told to do its worst later.
 *
 *     clang --target=wasm32-wasi -Os -s -o hostile.wasm hostile.c
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

static char line[1 << 16];

static void say(const char *what, int value) {
  fprintf(stderr, "%s %d\n", what, value);
}

static volatile int zero;
static volatile int depth;
static int recurse(int n) {
  volatile char frame[256];
  frame[0] = (char)n;
  depth = n;
  return recurse(n + 1) + frame[0];
}

static int (*volatile wrong)(int, int, int);

static void grow(void) {
  long pages = 0;
  while (__builtin_wasm_memory_grow(0, 16) != (size_t)-1) pages += 16;
  say("pages", (int)pages);
  char *last = (char *)((__builtin_wasm_memory_size(0) - 1) * 65536);
  memset(last, 1, 65536);
}

static void pointers(void) {
  size_t done = 77;
  __wasi_ciovec_t outside = {(const uint8_t *)0xfffffff0u, 64}, huge = {(const uint8_t *)8, 0xffffffffu};
  say("outside", __wasi_fd_write(1, &outside, 1, &done));
  say("huge", __wasi_fd_write(1, &huge, 1, &done));
  say("list", __wasi_fd_write(1, (const __wasi_ciovec_t *)0xfffffff8u, 4, &done));
  say("many", __wasi_fd_write(1, &outside, 0xffffffffu, &done));
  __wasi_ciovec_t fine = {(const uint8_t *)"", 0};
  say("result", __wasi_fd_write(1, &fine, 1, (size_t *)0xffffffffu));
  say("random", __wasi_random_get((uint8_t *)0, 0xffffffffu));
  say("negative", __wasi_fd_write((__wasi_fd_t)-1, &fine, 1, &done));
  say("stdin", __wasi_fd_write(0, &fine, 1, &done));
  close(1);
  say("closed", __wasi_fd_write(1, &fine, 1, &done));
  say("clock", __wasi_clock_time_get(9, 0, (__wasi_timestamp_t *)8));
  say("poll none", __wasi_poll_oneoff((void *)8, (void *)8, 0, &done));
  say("poll outside", __wasi_poll_oneoff((void *)8, (void *)8, 0xffffffffu, &done));
  say("sync", __wasi_fd_sync(99));
  say("renumber", __wasi_fd_renumber(3, 1000000));
}

static void paths(void) {
  const char *names[] = {"../escape",        "a/../../escape", "/../escape", "/etc/passwd", "", "..",
                         "./../simulated/x", "no/such/folder", "\xff\xfe"};
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    int fd = open(names[i], O_RDWR);
    say(names[i], fd < 0 ? errno : 0);
  }
  __wasi_fd_t fd = 0;
  say("raw", __wasi_path_open(3, 0, "../x", 1, ~0ull, ~0ull, 0, &fd));
  say("absolute", __wasi_path_open(3, 0, "/x", 1, ~0ull, ~0ull, 0, &fd));
  say("symlink", __wasi_path_symlink("/etc", 3, "link"));
  say("mkdir", mkdir("folder", 0777));
  say("unlink of a folder", unlink("folder") == 0 ? 0 : errno);
  say("rmdir", rmdir("folder"));
}

/* Of a program that is a folder. */
static void folder(void) {
  char text[64] = "";
  const char *names[] = {"/program/lib/text", "/lib/text", "/lib/../text"};
  for (unsigned i = 0; i < 3; i++) {
    FILE *file = fopen(names[i], "r");
    if (!file || !fgets(text, sizeof text, file)) say(names[i], errno);
    else fprintf(stderr, "%s: %s\n", names[i], text);
    if (file) fclose(file);
  }
  DIR *open_folder = opendir("/program");
  for (struct dirent *entry; open_folder && (entry = readdir(open_folder));) say(entry->d_name, entry->d_type);
  struct stat facts;
  say("size", stat("/program/lib/text", &facts) == 0 ? (int)facts.st_size : -1);
  say("below a file", open("/program/lib/text/x", O_RDONLY) < 0 ? errno : 0);
  say("missing", open("/program/lib/none", O_RDONLY) < 0 ? errno : 0);
  say("write", open("/program/lib/text", O_WRONLY) < 0 ? errno : 0);
  say("truncate", open("/lib/text", O_RDONLY | O_TRUNC) < 0 ? errno : 0);
  say("create", open("/program/new", O_CREAT | O_WRONLY, 0666) < 0 ? errno : 0);
  say("mkdir", mkdir("/program/folder", 0777) < 0 ? errno : 0);
  say("unlink", unlink("/program/lib/text") < 0 ? errno : 0);
  say("rmdir", rmdir("/program/lib") < 0 ? errno : 0);
  say("rename", rename("/program/lib/text", "/program/text") < 0 ? errno : 0);
  say("rename to data", rename("/program/lib/text", "text") < 0 ? errno : 0);
  say("escape", open("/lib/../../etc/passwd", O_RDONLY) < 0 ? errno : 0);
  FILE *own = fopen("text", "w");
  say("data", own && fputs("own", own) >= 0 && fclose(own) == 0);
  say("both", access("text", F_OK) == 0 && access("/program/text", F_OK) != 0);
}

static void files(void) {
  FILE *file = fopen("count", "r");
  int count = 0;
  if (file) {
    if (fscanf(file, "%d", &count) != 1) count = -1;
    fclose(file);
  }
  say("life", count);
  file = fopen("count", "w");
  if (!file) abort();
  fprintf(file, "%d\n", count + 1);
  fflush(file);
  fsync(fileno(file));
  fclose(file);
  for (int fd = 0;; fd++)
    if (open("count", O_RDONLY) < 0) {
      say("open", fd > 900);
      break;
    }
}

static void many_polls(void) {
  size_t count = 1000000, done = 0;
  __wasi_subscription_t *all = calloc(count, sizeof *all);
  __wasi_event_t *events = calloc(count, sizeof *events);
  for (size_t i = 0; i < count; i++) {
    all[i].userdata = i;
    all[i].u.tag = __WASI_EVENTTYPE_CLOCK;
    all[i].u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
    all[i].u.u.clock.timeout = 1000000000ull + i;
  }
  say("polled", __wasi_poll_oneoff(all, events, count, &done));
  say("events", (int)done);
}

static void flood(void) {
  char *bytes = malloc(1 << 20);
  memset(bytes, 'x', 1 << 20);
  for (int i = 0; i < 100; i++) fwrite(bytes, 1, 1 << 20, stdout);
  fflush(stdout);
  say("flooded", 100);
}

/* As the scheduler of Go waits: without waiting in read, and for stdin and a timer at once. */
/* Tries to read again and again, and sleeps between: never waits for stdin. */
static void tries(int sleeps) {
  fcntl(0, F_SETFL, O_NONBLOCK);
  for (;;) {
    int got = (int)read(0, line, sizeof line);
    if (got > 0) printf("got\n");
    if (got > 0 && strstr(line, "last")) exit(0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) exit(9);
    if (got < 0 && sleeps) usleep(50000);
  }
}

static void ways(void) {
  char name[300];
  memset(name, 'n', sizeof name);
  name[256] = 0;
  say("long name", open(name, O_RDWR | O_CREAT, 0666) < 0 ? errno : 0);
  name[255] = 0;
  say("name", open(name, O_RDWR | O_CREAT, 0666) < 0 ? errno : 0);
  int out = open("one-way", O_WRONLY | O_CREAT, 0666), in = open("one-way", O_RDONLY);
  say("read", read(out, name, 1) < 0 ? errno : 0);
  say("write", write(in, name, 1) < 0 ? errno : 0);
}

static void netpoll(void) {
  int count = 0, got;
  say("nonblocking", (fcntl(0, F_GETFL) & O_NONBLOCK) != 0);
  for (;;) {
    while ((got = (int)read(0, line, sizeof line)) > 0) {
      printf("got %d\n", ++count);
      if (strstr(line, "last")) exit(0);
    }
    if (got == 0 || errno != EAGAIN) exit(9);
    struct pollfd in = {.fd = 0, .events = POLLIN};
    if (poll(&in, 1, 100) == 0) printf("tick\n");
  }
}

static void clocks(void) {
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
  usleep(250000);
  clock_gettime(CLOCK_MONOTONIC, &b);
  say("slept ms", (int)((b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000));
  clock_gettime(CLOCK_REALTIME, &a);
  say("year", 1970 + (int)(a.tv_sec / 31556952));
  uint32_t word;
  if (__wasi_random_get((uint8_t *)&word, sizeof word) != 0) abort();
  say("random", (int)(word % 1000000));
  struct pollfd nothing = {.fd = 0, .events = POLLIN};
  say("poll", poll(&nothing, 1, 0));
}

/* Modification times: of what was written, and set. */
static void times(void) {
  struct stat facts;
  struct timespec now, set[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 1000, .tv_nsec = 5000}};
  FILE *file = fopen("timed", "w");
  sleep(2);
  fputs("x", file);
  fflush(file);
  clock_gettime(CLOCK_REALTIME, &now);
  fstat(fileno(file), &facts);
  say("written s ago", (int)(now.tv_sec - facts.st_mtim.tv_sec) / 2);
  say("set", futimens(fileno(file), set));
  stat("timed", &facts);
  say("seconds", (int)facts.st_mtim.tv_sec);
  say("touched", __wasi_path_filestat_set_times(3, 0, "timed", 0, 0, __WASI_FSTFLAGS_MTIM_NOW));
  fstat(fileno(file), &facts);
  say("now", facts.st_mtim.tv_sec >= now.tv_sec);
  say("missing", __wasi_path_filestat_set_times(3, 0, "missing", 0, 0, __WASI_FSTFLAGS_MTIM_NOW));
  say("both", __wasi_path_filestat_set_times(3, 0, "timed", 0, 0, __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW));
  fclose(file);
}

/* A line in one call, as programs write to a pipe that blocks. */
static void long_write(void) {
  size_t length = 200001;
  char *text = malloc(length);
  memset(text, 'w', length - 1);
  text[length - 1] = '\n';
  say("written", (int)write(1, text, length));
  free(text);
}

int main(int argc, char **argv) {
  const char *deed = argc > 1 ? argv[1] : "";
  if (!strcmp(deed, "return")) return 3;
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (!strcmp(deed, "netpoll")) netpoll();
  if (!strcmp(deed, "tries")) tries(0);
  if (!strcmp(deed, "tries and sleeps")) tries(1);
  if (!strcmp(deed, "arguments")) {
    for (int i = 0; i < argc; i++) printf("%s\n", argv[i]);
    printf("%s %s\n", getenv("MAELSTROM_DATA_DIR"), getenv("HOME"));
  }
  while (fgets(line, sizeof line, stdin)) {
    char *id = strstr(line, "\"msg_id\":");
    printf("{\"src\":\"%s\",\"dest\":\"%.*s\",\"body\":{\"type\":\"%s\",\"in_reply_to\":%d}}\n", argc > 2 ? argv[2] : "n0",
           (int)strcspn(strstr(line, "\"src\":\"") + 7, "\""), strstr(line, "\"src\":\"") + 7,
           strstr(line, "\"init\"") ? "init_ok" : "echo_ok", id ? atoi(id + 9) : 0);
    if (!strcmp(deed, "loop")) for (volatile int i = 0;; i++) {}
    if (!strcmp(deed, "spin-clock")) for (;;) { struct timespec a; clock_gettime(CLOCK_MONOTONIC, &a); }
    if (!strcmp(deed, "unreachable")) __builtin_trap();
    if (!strcmp(deed, "memory")) say("read", *(volatile int *)0xfffffff0u);
    if (!strcmp(deed, "zero")) say("divided", 7 / zero);
    if (!strcmp(deed, "stack")) recurse(0);
    if (!strcmp(deed, "call")) wrong(1, 2, 3);
    if (!strcmp(deed, "exit")) exit(7);
    if (!strcmp(deed, "abort")) abort();
    if (!strcmp(deed, "grow")) grow();
    if (!strcmp(deed, "pointers")) pointers();
    if (!strcmp(deed, "paths")) paths();
    if (!strcmp(deed, "files")) files();
    if (!strcmp(deed, "folder")) folder();
    if (!strcmp(deed, "ways")) ways();
    if (!strcmp(deed, "long write")) long_write();
    if (!strcmp(deed, "times")) times();
    if (!strcmp(deed, "polls")) many_polls();
    if (!strcmp(deed, "flood")) flood();
    if (!strcmp(deed, "clocks")) clocks();
    if (!strcmp(deed, "close stdout")) close(1);
    if (!strcmp(deed, "move stdout")) say("moved", __wasi_fd_renumber(1, 2));
    if (!strcmp(deed, "close stdin")) { close(0); for (;;) sleep(1); }
    if (!strcmp(deed, "close all")) { close(0); close(1); return 0; }
    if (!strcmp(deed, "stderr")) { char *b = malloc(1 << 16); memset(b, 'e', 1 << 16); for (;;) fwrite(b, 1, 1 << 16, stderr); }
  }
  say("end", 0);
  return 0;
}
