#!/usr/bin/env bash
# Linearizable key-value store in bash alone (5 or later): every request is forwarded to the service `lin-kv`.
#
# Shows a node that asks another one before it answers. Clients number their requests independently of each other, so
# the node gives its own numbers to the requests that it forwards, and remembers the original request of each. Replies
# are handed back unchanged, including errors. When there is none, the client gets error 0, which promises nothing: the
# write may have been lost, or may have been executed. A definite error would be a lie, and a retry might execute it
# twice.
source "$(dirname "${BASH_SOURCE[0]}")/json.sh"

PATIENCE_MS=2000

declare -A field
declare -A client client_msg_id deadline # by this node's number
id=

now_ms() { now=$((${EPOCHREALTIME/[.,]/} / 1000)); } # not monotonic: the machine may set this clock

# Starts at the current time, so that a late reply to an earlier life of this node is not mistaken for one to this life.
now_ms
last_number=$now
oldest=$((now + 1)) # no earlier request is waiting

send() { printf '{"src":%s,"dest":%s,"body":{%s}}\n' "$id" "$1" "$2"; }

# Copies the fields of a body, except for its numbers: a message has its own, or its request's.
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

# Requests time out in the order in which they arrived.
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
  line+=$part # a part of a line, when the time ran out within it
  if ((status == 0)); then
    handle "$line"
    line=
  elif ((status <= 128)); then
    break # stdin has ended
  fi
  give_up
done
