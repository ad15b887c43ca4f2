#!/usr/bin/env bash
# Linearizable key-value store in bash alone (5 or later): every request is passed on to the service `lin-kv`.
#
# Shows a node that asks another one before it answers. Clients number their requests without knowing of each other, so
# the node gives those that it passes on numbers of its own, and keeps for each the request that it belongs to. Answers
# are handed back as they are, errors included. Where none comes, the client gets error 0, which promises nothing: the
# write may have been lost, or it may be done already. A definite error would be a lie, and trying again might do it twice.
source "$(dirname "${BASH_SOURCE[0]}")/json.sh"

PATIENCE_MS=2000

declare -A field
declare -A client client_msg_id deadline # by our number
id=

now_ms() { now=$((${EPOCHREALTIME/[.,]/} / 1000)); } # of a clock that the machine may set

# By the clock, since a late answer to a former life of this node is not to be taken for one to this life.
now_ms
last_number=$now
oldest=$((now + 1)) # no request before it is waited for

send() { printf '{"src":%s,"dest":%s,"body":{%s}}\n' "$id" "$1" "$2"; }

# The fields of a body as they came, but for its numbers: a message has its own, or its request's.
changed() {
  local name
  body=$1
  unset 'field[msg_id]' 'field[in_reply_to]'
  for name in "${!field[@]}"; do body+=",\"$name\":${field[$name]}"; done
}

error() { send "$1" "\"type\":\"error\",\"code\":$3,\"text\":\"$4\",\"in_reply_to\":$2"; }

pass_on() {
  local number=$((++last_number)) body
  client[$number]=$1
  client_msg_id[$number]=${field[msg_id]}
  now_ms
  deadline[$number]=$((now + PATIENCE_MS))
  changed "\"msg_id\":$number"
  send '"lin-kv"' "$body"
}

forget() { unset 'client[$1]' 'client_msg_id[$1]' 'deadline[$1]'; }

hand_back() {
  local number=${field[in_reply_to]} body
  [[ -n ${deadline[$number]} ]] || return # it comes too late: the client has its answer
  changed "\"in_reply_to\":${client_msg_id[$number]}"
  send "${client[$number]}" "$body"
  forget "$number"
}

# Requests are given up in the order in which they came.
give_up() {
  now_ms
  for (( ; oldest <= last_number; oldest++)); do
    [[ -n ${deadline[$oldest]} ]] || continue
    ((deadline[$oldest] <= now)) || return
    error "${client[$oldest]}" "${client_msg_id[$oldest]}" 0 'lin-kv does not answer'
    forget "$oldest"
  done
}

handle() {
  local src dest
  json_fields "$1"
  src=${field[src]} dest=${field[dest]}
  json_fields "${field[body]}"
  if [[ -n ${field[in_reply_to]} ]]; then
    hand_back
    return
  fi
  local type=${field[type]:1:-1} msg_id=${field[msg_id]}
  case $type in
    init)
      id=$dest
      send "$src" "\"type\":\"init_ok\",\"in_reply_to\":$msg_id"
      ;;
    read | write | cas) pass_on "$src" ;;
    *) [[ -z $msg_id ]] || error "$src" "$msg_id" 10 "$type is not supported" ;;
  esac
}

line=
while :; do
  IFS= read -r -t 0.1 part
  status=$?
  line+=$part # half a line, when the time has run out within it
  if ((status == 0)); then
    handle "$line"
    line=
  elif ((status <= 128)); then
    break # stdin has ended
  fi
  give_up
done
