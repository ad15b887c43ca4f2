#!/usr/bin/env ruby
# Linearizable key-value store without any library: every request is forwarded to the service `lin-kv`.
#
# Shows a node that asks another one before it answers. Clients number their requests independently of each other, so
# the node gives its own numbers to the requests that it forwards, and remembers the original request of each. Replies
# are handed back unchanged, including errors. When there is none, the client gets error 0, which promises nothing: the
# write may have been lost, or may have been executed. A definite error would be a lie, and a retry might execute it
# twice.
require 'json'

PATIENCE_SECONDS = 2

# A proxy of lin-kv. Its methods are called by one thread at a time.
class Proxy
  Waiting = Struct.new(:request, :deadline)

  def initialize
    # Starts at the current time, so that a late reply to an earlier life of this node is not mistaken for one to this
    # life.
    @last_number = (Time.now.to_f * 1000).to_i
    @waiting = {} # by this node's number
  end

  def handle(request)
    body = request['body']
    return hand_back(body) if body.key?('in_reply_to')

    case body['type']
    when 'init'
      @node_id = body['node_id']
      reply request, 'type' => 'init_ok'
    when 'read', 'write', 'cas'
      pass_on request
    else
      error request, 10, "#{body['type']} is not supported" if body.key?('msg_id')
    end
  end

  def give_up
    late, @waiting = @waiting.partition { |_, waiting| waiting.deadline < now }.map(&:to_h)
    late.each_value { |waiting| error waiting.request, 0, 'lin-kv does not answer' }
  end

  private

  def pass_on(request)
    number = @last_number += 1
    @waiting[number] = Waiting.new(request, now + PATIENCE_SECONDS)
    send_to 'lin-kv', request['body'].merge('msg_id' => number)
  end

  def hand_back(answer)
    waiting = @waiting.delete(answer['in_reply_to'])
    # A reply without a waiting request is too late: the client has its answer.
    reply waiting.request, answer.except('msg_id') if waiting
  end

  def error(request, code, text)
    reply request, 'type' => 'error', 'code' => code, 'text' => text
  end

  def reply(request, body)
    send_to request['src'], body.merge('in_reply_to' => request['body']['msg_id'])
  end

  def send_to(dest, body)
    puts JSON.generate(src: @node_id, dest: dest, body: body)
  end

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

$stdout.sync = true
node = Proxy.new
lock = Mutex.new

Thread.new do
  loop do
    sleep 0.1
    lock.synchronize { node.give_up }
  end
end

# When stdin ends, the program ends, and the other thread with it.
$stdin.each_line do |line|
  lock.synchronize { node.handle(JSON.parse(line)) }
end
