#!/usr/bin/env ruby
# Echo without any library: the whole protocol in one loop.
#
# Shows what a node is: a program that reads messages from stdin, one JSON object per line, and writes messages to
# stdout the same way. `sync` is easily forgotten: without it, output stays in a buffer while everyone waits for it.
# Debug output goes to stderr (`warn`); stdout belongs to the protocol.
require 'json'

$stdout.sync = true
node_id = nil

$stdin.each_line do |line|
  request = JSON.parse(line, symbolize_names: true)
  body = request[:body]
  answer =
    case body[:type]
    when 'init'
      node_id = body[:node_id]
      warn "I am #{node_id}"
      { type: 'init_ok' }
    when 'echo'
      { type: 'echo_ok', echo: body[:echo] }
    else
      { type: 'error', code: 10, text: "#{body[:type]} is not supported" }
    end
  reply = { src: node_id, dest: request[:src], body: answer.merge(in_reply_to: body[:msg_id]) }
  puts JSON.generate(reply)
end
