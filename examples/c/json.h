/*
 * As much of JSON as a node needs: it splits a text into its parts, and leaves each part unchanged.
 *
 * A value that is only passed on is never decoded, so that neither the digits of a number nor the escapes of a string
 * can change. The parts of an object or array are found by one rule: a value ends at the first comma, colon or closing
 * bracket that is outside strings and nested brackets. Texts are assumed to be valid JSON, as Maelstrom's are; nothing
 * beyond the end of a text is ever read.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A value, as a range of text. Nothing is copied: it lives as long as the line that contains it. */
typedef struct {
  const char *at;
  size_t length;
} Json;

/* printf("%.*s", JSON_SHOWN(value)) */
#define JSON_SHOWN(json) (int)(json).length, (json).at

static inline Json json_of(const char *text) { return (Json){text, strlen(text)}; }

static inline Json json_trimmed(Json text) {
  const char *spaces = " \t\r\n";
  while (text.length > 0 && strchr(spaces, text.at[0])) text.at++, text.length--;
  while (text.length > 0 && strchr(spaces, text.at[text.length - 1])) text.length--;
  return text;
}

/* Removes the first part from the text between brackets, with the comma or colon after it; false if there is none. */
static inline bool json_cut(Json *rest, Json *part) {
  size_t end = 0;
  int depth = 0;
  bool in_string = false;
  *rest = json_trimmed(*rest);
  if (rest->length == 0) return false;
  for (; end < rest->length; end++) {
    char c = rest->at[end];
    if (in_string) {
      if (c == '\\') end++;
      else if (c == '"') in_string = false;
    } else if (c == '"') in_string = true;
    else if (c == '{' || c == '[') depth++;
    else if (depth == 0 && (c == ',' || c == ':')) break;
    else if (c == '}' || c == ']') depth--;
  }
  if (end > rest->length) end = rest->length;
  *part = json_trimmed((Json){rest->at, end});
  if (end < rest->length) end++;
  *rest = (Json){rest->at + end, rest->length - end};
  return true;
}

/* Returns the text between the brackets of an object or array, to be split. */
static inline Json json_inside(Json value) {
  value = json_trimmed(value);
  return value.length < 2 ? (Json){"", 0} : (Json){value.at + 1, value.length - 2};
}

/* Removes the first member from the text inside an object. */
static inline bool json_cut_member(Json *rest, Json *name, Json *value) {
  return json_cut(rest, name) && json_cut(rest, value);
}

/* Whether a value is that string, whatever escapes it is written with. The text must be ASCII. */
static inline bool json_is(Json string, const char *text) {
  if (string.length < 2 || string.at[0] != '"') return false;
  const char *at = string.at + 1, *end = string.at + string.length - 1;
  for (; at < end && *text; text++) {
    unsigned long c = (unsigned char)*at++;
    if (c == '\\' && at < end) {
      c = (unsigned char)*at++;
      if (c == 'u' && end - at >= 4) {
        char digits[5] = {at[0], at[1], at[2], at[3], 0};
        c = strtoul(digits, NULL, 16);
        at += 4;
      } else if (!strchr("\"\\/", (int)c)) return false; /* a control character, which no name contains */
    }
    if (c != (unsigned char)*text) return false;
  }
  return at == end && !*text;
}

/* Returns a member's value; `at` is NULL if there is none. */
static inline Json json_field(Json object, const char *field) {
  Json rest = json_inside(object), name, value;
  while (json_cut_member(&rest, &name, &value))
    if (json_is(name, field)) return value;
  return (Json){NULL, 0};
}

static inline bool json_same(Json a, Json b) {
  return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

/* Returns a copy that outlives the line; the caller must free() it. */
static inline Json json_kept(Json value) {
  char *copy = malloc(value.length + 1);
  if (!copy) abort();
  memcpy(copy, value.at, value.length);
  copy[value.length] = 0;
  return (Json){copy, value.length};
}

/* Returns the text within a string, to be written into another one: escapes are kept. */
static inline Json json_bare(Json string) { return json_inside(string); }

#endif
