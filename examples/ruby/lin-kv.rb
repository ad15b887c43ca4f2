#!/usr/bin/env ruby
# Linearizable key-value store without any library: every request is passed on to the service `lin-kv`.
#
# Shows a node that asks another one before it answers. Clients number their requests without knowing of each other, so
# the node gives those that it passes on numbers of its own, and keeps for each the request that it belongs to. Answers
# are handed back as they are, errors included. Where none comes, the client gets error 0, which promises nothing: the
# write may have been lost, or it may be done already. A definite error would be a lie, and trying again might do it twice.
require 'json'

PATIENCE_SECONDS = 2

# A proxy of lin-kv. Its methods are called by one thread at a time.
class Proxy
  Waiting = Struct.new(:request, :deadline)

  def initialize
    # By the clock, since a late answer to a former life of this node is not to be taken for one to this life.
    @last_number = (Time.now.to_f * 1000).to_i
    @waiting = {} # by our number
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
    # Without one it comes too late: the client has its answer.
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

# When stdin ends, the program does, and the other thread with it.
$stdin.each_line do |line|
  lock.synchronize { node.handle(JSON.parse(line)) }
end
