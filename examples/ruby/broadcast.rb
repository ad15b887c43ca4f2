#!/usr/bin/env ruby
# Broadcast without any library: a value sent to one node reaches all of them, even across partitions.
#
# Shows how to be sure over a network that loses messages: for each neighbour the node keeps the values that this
# neighbour has not acknowledged, and resends them until it does. Receiving a value twice does no harm, because adding
# it to a set twice changes nothing.
require 'json'
require 'set'

AGAIN_SECONDS = 0.5

# A broadcast node. Its methods are called by one thread at a time.
class Broadcast
  def initialize
    @seen = Set.new
    @unheard = {} # for each neighbour, the values that it may not know yet
  end

  def handle(request)
    src, body = request.values_at('src', 'body')
    case body['type']
    when 'init'
      @node_id = body['node_id']
      reply request, type: 'init_ok'
    when 'topology'
      body['topology'][@node_id].each { |neighbour| @unheard[neighbour] = @seen.dup }
      reply request, type: 'topology_ok'
    when 'broadcast'
      learn body['message'], src
      reply request, type: 'broadcast_ok'
    when 'read'
      reply request, type: 'read_ok', messages: @seen.to_a
    when 'tell' # between nodes, like its acknowledgement
      body['values'].each { |value| learn value, src }
      send_to src, type: 'heard', values: body['values']
    when 'heard'
      @unheard[src].subtract(body['values'])
    else
      reply request, type: 'error', code: 10, text: "#{body['type']} is not supported" if body['msg_id']
    end
  end

  def say_again
    @unheard.each do |neighbour, values|
      send_to neighbour, type: 'tell', values: values.to_a unless values.empty?
    end
  end

  private

  def learn(value, teller)
    return unless @seen.add?(value)

    @unheard.each do |neighbour, values|
      next if neighbour == teller

      values << value
      send_to neighbour, type: 'tell', values: [value]
    end
  end

  def reply(request, **body)
    send_to request['src'], **body, in_reply_to: request['body']['msg_id']
  end

  def send_to(dest, **body)
    puts JSON.generate(src: @node_id, dest: dest, body: body)
  end
end

$stdout.sync = true
node = Broadcast.new
lock = Mutex.new

Thread.new do
  loop do
    sleep AGAIN_SECONDS
    lock.synchronize { node.say_again }
  end
end

# When stdin ends, the program ends, and the other thread with it.
$stdin.each_line do |line|
  lock.synchronize { node.handle(JSON.parse(line)) }
end
