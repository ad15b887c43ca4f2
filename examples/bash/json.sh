# As much of JSON as a node needs: it cuts a text into its parts, and leaves each part as it came. For `source`.
#
# A value that is only passed on is never decoded, so that nothing of it can change: neither the digits of a number nor the
# escapes of a string. Only the space between tokens is lost. Texts are taken to be JSON, as those of Maelstrom are.

# By bytes, which is quicker, and right: no byte of a longer UTF-8 character looks like a bracket or a quote.
LC_ALL=C

JSON_TOKEN='^[[:space:]]*("[^"\]*(\\.[^"\]*)*"|[][{}:,]|[^][{}:,"[:space:]]+)'

# Cuts the first value off $rest, which goes to $value, with the comma or colon behind it. False when nothing is left.
json_cut() {
  local depth=0 token
  value=
  while [[ $rest =~ $JSON_TOKEN ]]; do
    token=${BASH_REMATCH[1]}
    rest=${rest:${#BASH_REMATCH[0]}}
    case $token in
      [,:]) ((depth > 0)) || return 0 ;;
      ['{[']) ((++depth)) ;;
      ['}]']) ((depth--)) ;;
    esac
    value+=$token
  done
  [[ -n $value ]]
}

# Cuts an object into the associative array `field`: names without their quotes, values as they stand. Nodes have names of
# plain letters, and so have the fields that a node looks at.
json_fields() {
  local rest=$1 value name
  rest=${rest#*\{}
  rest=${rest%\}*}
  field=()
  while json_cut; do
    name=${value:1:${#value}-2}
    json_cut
    [[ -z $name ]] || field[$name]=$value # an empty name is none in bash
  done
}

# Cuts an array into the array `item`.
json_items() {
  local rest=$1 value
  rest=${rest#*[}
  rest=${rest%]*}
  item=()
  while json_cut; do item+=("$value"); done
}
