// Broadcast without any library: a value sent to one node reaches all of them, even across partitions.
//
//	go build broadcast.go
//
// Shows how to be sure over a network that loses messages: for each neighbour the node keeps the values that this
// neighbour has not acknowledged, and resends them until it does. Receiving a value twice does no harm, because adding
// it to a set twice changes nothing. One goroutine reads; the other owns the state, so no lock is needed.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"time"
)

const again = 500 * time.Millisecond

type Message struct {
	Src  string `json:"src"`
	Dest string `json:"dest"`
	Body Body   `json:"body"`
}

// Body has the fields of all messages; missing ones are left out.
type Body struct {
	Type      string              `json:"type"`
	MsgID     json.RawMessage     `json:"msg_id,omitempty"`
	InReplyTo json.RawMessage     `json:"in_reply_to,omitempty"`
	NodeID    string              `json:"node_id,omitempty"`
	Topology  map[string][]string `json:"topology,omitempty"`
	Message   int64               `json:"message,omitempty"`
	Messages  *[]int64            `json:"messages,omitempty"` // a pointer, so that an empty list is not left out
	Values    []int64             `json:"values,omitempty"`
	Code      int                 `json:"code,omitempty"`
	Text      string              `json:"text,omitempty"`
}

type Set map[int64]struct{}

func (s Set) list() []int64 {
	values := make([]int64, 0, len(s))
	for value := range s {
		values = append(values, value)
	}
	return values
}

type Node struct {
	id      string
	seen    Set
	unheard map[string]Set // for each neighbour, the values that it may not know yet
	out     *json.Encoder
}

func (n *Node) send(dest string, body Body) {
	if err := n.out.Encode(Message{Src: n.id, Dest: dest, Body: body}); err != nil {
		log.Fatal(err)
	}
}

func (n *Node) learn(value int64, teller string) {
	if _, known := n.seen[value]; known {
		return
	}
	n.seen[value] = struct{}{}
	for neighbour, values := range n.unheard {
		if neighbour != teller {
			values[value] = struct{}{}
			n.send(neighbour, Body{Type: "tell", Values: []int64{value}})
		}
	}
}

func (n *Node) sayAgain() {
	for neighbour, values := range n.unheard {
		if len(values) > 0 {
			n.send(neighbour, Body{Type: "tell", Values: values.list()})
		}
	}
}

func (n *Node) handle(request Message) {
	body := request.Body
	reply := func(answer Body) {
		answer.InReplyTo = body.MsgID
		n.send(request.Src, answer)
	}
	switch body.Type {
	case "init":
		n.id = body.NodeID
		reply(Body{Type: "init_ok"})
	case "topology":
		for _, neighbour := range body.Topology[n.id] {
			n.unheard[neighbour] = Set{}
			for value := range n.seen {
				n.unheard[neighbour][value] = struct{}{}
			}
		}
		reply(Body{Type: "topology_ok"})
	case "broadcast":
		n.learn(body.Message, request.Src)
		reply(Body{Type: "broadcast_ok"})
	case "read":
		messages := n.seen.list()
		reply(Body{Type: "read_ok", Messages: &messages})
	case "tell": // between nodes, like its acknowledgement
		for _, value := range body.Values {
			n.learn(value, request.Src)
		}
		n.send(request.Src, Body{Type: "heard", Values: body.Values})
	case "heard":
		for _, value := range body.Values {
			delete(n.unheard[request.Src], value)
		}
	default:
		if body.MsgID != nil {
			reply(Body{Type: "error", Code: 10, Text: body.Type + " is not supported"})
		}
	}
}

func read(messages chan<- Message) {
	defer close(messages)
	in := json.NewDecoder(os.Stdin)
	for {
		var message Message
		if err := in.Decode(&message); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		messages <- message
	}
}

func main() {
	node := Node{seen: Set{}, unheard: map[string]Set{}, out: json.NewEncoder(os.Stdout)}
	messages := make(chan Message)
	go read(messages)
	ticks := time.Tick(again)
	for {
		select {
		case message, open := <-messages:
			if !open {
				return
			}
			node.handle(message)
		case <-ticks:
			node.sayAgain()
		}
	}
}
