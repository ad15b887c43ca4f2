#!/usr/bin/env bash
# Echo in bash alone (4 or later): the whole protocol in one loop.
#
# Shows what a node is: a program that reads messages from stdin, one JSON object per line, and writes messages to
# stdout the same way. Debug output goes to stderr; stdout belongs to the protocol, so no command that is called here
# may print. json.sh leaves values unchanged: $src is "c1" with its quotes.
source "$(dirname "${BASH_SOURCE[0]}")/json.sh"
declare -A field

while IFS= read -r line; do
  json_fields "$line"
  src=${field[src]} dest=${field[dest]}
  json_fields "${field[body]}"
  case ${field[type]} in
    '"init"')
      echo "I am $dest" >&2
      answer='"type":"init_ok"'
      ;;
    '"echo"') answer="\"type\":\"echo_ok\",\"echo\":${field[echo]}" ;;
    *) answer="\"type\":\"error\",\"code\":10,\"text\":\"${field[type]:1:-1} is not supported\"" ;;
  esac
  printf '{"src":%s,"dest":%s,"body":{%s,"in_reply_to":%s}}\n' "$dest" "$src" "$answer" "${field[msg_id]}"
done
