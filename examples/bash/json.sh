# As much of JSON as a node needs: it splits a text into its parts, and leaves each part unchanged. For `source`.
#
# A value that is only passed on is never decoded, so that neither the digits of a number nor the escapes of a string
# can change. Only the space between tokens is lost. Texts are assumed to be valid JSON, as Maelstrom's are.

# Works on bytes, which is faster, and correct: no byte of a longer UTF-8 character looks like a bracket or a quote.
LC_ALL=C

JSON_TOKEN='^[[:space:]]*("[^"\]*(\\.[^"\]*)*"|[][{}:,]|[^][{}:,"[:space:]]+)'

# Removes the first value from $rest, with the comma or colon after it, and puts it into $value. False when nothing is
# left.
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

# Splits an object into the associative array `field`: names without their quotes, values unchanged. The names of nodes
# and of the fields used here need no escapes.
json_fields() {
  local rest=$1 value name
  rest=${rest#*\{}
  rest=${rest%\}*}
  field=()
  while json_cut; do
    name=${value:1:${#value}-2}
    json_cut
    [[ -z $name ]] || field[$name]=$value # bash does not allow an empty name
  done
}

# Splits an array into the array `item`.
json_items() {
  local rest=$1 value
  rest=${rest#*[}
  rest=${rest%]*}
  item=()
  while json_cut; do item+=("$value"); done
}
