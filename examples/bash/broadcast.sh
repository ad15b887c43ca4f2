#!/usr/bin/env bash
# Broadcast in bash alone (5 or later): a value sent to one node reaches all of them, even across partitions.
#
# Shows how to be sure over a network that loses messages: for each neighbour the node keeps the values that this
# neighbour has not acknowledged, and resends them until it does. Receiving a value twice does no harm, because adding
# it to a set twice changes nothing. Names and values are kept as JSON text, and written unchanged.
source "$(dirname "${BASH_SOURCE[0]}")/json.sh"

AGAIN_MS=500

declare -A field seen
declare -A unheard # by "neighbour value": what that neighbour may not know yet
neighbours=()
id=

now_ms() { now=$((${EPOCHREALTIME/[.,]/} / 1000)); } # not monotonic: the machine may set this clock

send() { printf '{"src":%s,"dest":%s,"body":{%s}}\n' "$id" "$1" "$2"; }

joined() {
  local IFS=,
  list="[$*]"
}

learn() {
  local value=$1 teller=$2 neighbour
  [[ -z ${seen[$value]} ]] || return
  seen[$value]=yes
  for neighbour in "${neighbours[@]}"; do
    [[ $neighbour != "$teller" ]] || continue
    unheard["$neighbour $value"]=$value
    send "$neighbour" "\"type\":\"tell\",\"values\":[$value]"
  done
}

say_again() {
  local neighbour pair values list
  for neighbour in "${neighbours[@]}"; do
    values=()
    for pair in "${!unheard[@]}"; do
      [[ $pair != "$neighbour "* ]] || values+=("${unheard[$pair]}")
    done
    ((${#values[@]} > 0)) || continue
    joined "${values[@]}"
    send "$neighbour" "\"type\":\"tell\",\"values\":$list"
  done
}

handle() {
  local src dest item value pair list
  json_fields "$1"
  src=${field[src]} dest=${field[dest]}
  json_fields "${field[body]}"
  local type=${field[type]:1:-1} msg_id=${field[msg_id]}
  reply() { send "$src" "$1,\"in_reply_to\":$msg_id"; }
  case $type in
    init)
      id=$dest
      reply '"type":"init_ok"'
      ;;
    topology)
      json_fields "${field[topology]}"
      json_items "${field[${id:1:-1}]}"
      neighbours=("${item[@]}")
      reply '"type":"topology_ok"'
      ;;
    broadcast)
      learn "${field[message]}" "$src"
      reply '"type":"broadcast_ok"'
      ;;
    read)
      joined "${!seen[@]}"
      reply "\"type\":\"read_ok\",\"messages\":$list"
      ;;
    tell) # between nodes, like its acknowledgement
      json_items "${field[values]}"
      for value in "${item[@]}"; do learn "$value" "$src"; done
      send "$src" "\"type\":\"heard\",\"values\":${field[values]}"
      ;;
    heard)
      json_items "${field[values]}"
      for value in "${item[@]}"; do
        pair="$src $value"
        unset 'unheard[$pair]'
      done
      ;;
    *) [[ -z $msg_id ]] || reply "\"type\":\"error\",\"code\":10,\"text\":\"$type is not supported\"" ;;
  esac
}

now_ms
next_round=$((now + AGAIN_MS))
line=
while :; do
  now_ms
  if ((now >= next_round)); then
    say_again
    next_round=$((now + AGAIN_MS))
    continue
  fi
  printf -v wait '0.%03d' $((next_round - now))
  IFS= read -r -t "$wait" part
  status=$?
  line+=$part # a part of a line, when the time ran out within it
  if ((status == 0)); then
    handle "$line"
    line=
  elif ((status <= 128)); then
    break # stdin has ended
  fi
done
