// Linearizable key-value store without any library: every request is forwarded to the service lin-kv.
//
//	go build lin-kv.go
//
// Shows a node that asks another one before it answers. Clients number their requests independently of each other, so
// the node gives its own numbers to the requests that it forwards, and remembers the original request of each. Replies
// are handed back unchanged, including errors. When there is none, the client gets error 0, which promises nothing: the
// write may have been lost, or may have been executed. A definite error would be a lie, and a retry might execute it
// twice.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"strconv"
	"time"
)

const patience = 2 * time.Second

type Message struct {
	Src  string `json:"src"`
	Dest string `json:"dest"`
	Body Body   `json:"body"`
}

// Body has its fields unchanged, including those that this node does not know.
type Body map[string]json.RawMessage

func (b Body) text(field string) (text string) {
	if err := json.Unmarshal(b[field], &text); err != nil {
		log.Fatalf("%s: %v", field, err)
	}
	return text
}

// with returns a copy with one field replaced, or removed if the value is nil.
func (b Body) with(field string, value json.RawMessage) Body {
	changed := Body{}
	for name, value := range b {
		changed[name] = value
	}
	if changed[field] = value; value == nil {
		delete(changed, field)
	}
	return changed
}

func errorBody(code int64, text string) Body {
	quoted, _ := json.Marshal(text) // a string can always be encoded
	return Body{"type": json.RawMessage(`"error"`), "code": number(code), "text": quoted}
}

func number(n int64) json.RawMessage { return json.RawMessage(strconv.FormatInt(n, 10)) }

type waiting struct {
	request  Message
	deadline time.Time
}

type Node struct {
	id         string
	lastNumber int64
	waiting    map[string]waiting // by this node's number, as JSON
	out        *json.Encoder
}

func (n *Node) send(dest string, body Body) {
	if err := n.out.Encode(Message{Src: n.id, Dest: dest, Body: body}); err != nil {
		log.Fatal(err)
	}
}

func (n *Node) reply(request Message, body Body) {
	n.send(request.Src, body.with("in_reply_to", request.Body["msg_id"]))
}

func (n *Node) passOn(request Message) {
	n.lastNumber++
	id := number(n.lastNumber)
	n.waiting[string(id)] = waiting{request, time.Now().Add(patience)}
	n.send("lin-kv", request.Body.with("msg_id", id))
}

func (n *Node) handBack(answer Body) {
	id := string(answer["in_reply_to"])
	if known, ok := n.waiting[id]; ok { // else it comes too late: the client has its answer
		delete(n.waiting, id)
		n.reply(known.request, answer.with("msg_id", nil))
	}
}

func (n *Node) giveUp(now time.Time) {
	for id, known := range n.waiting {
		if known.deadline.Before(now) {
			delete(n.waiting, id)
			n.reply(known.request, errorBody(0, "lin-kv does not answer"))
		}
	}
}

func (n *Node) handle(request Message) {
	body := request.Body
	if _, isReply := body["in_reply_to"]; isReply {
		n.handBack(body)
		return
	}
	switch kind := body.text("type"); kind {
	case "init":
		n.id = body.text("node_id")
		n.reply(request, Body{"type": json.RawMessage(`"init_ok"`)})
	case "read", "write", "cas":
		n.passOn(request)
	default:
		if _, isRequest := body["msg_id"]; isRequest {
			n.reply(request, errorBody(10, kind+" is not supported"))
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
	node := Node{
		// Starts at the current time, so that a late reply to an earlier life of this node is not mistaken for one to this
		// life.
		lastNumber: time.Now().UnixMilli(),
		waiting:    map[string]waiting{},
		out:        json.NewEncoder(os.Stdout),
	}
	messages := make(chan Message)
	go read(messages)
	ticks := time.Tick(100 * time.Millisecond)
	for {
		select {
		case message, open := <-messages:
			if !open {
				return
			}
			node.handle(message)
		case now := <-ticks:
			node.giveUp(now)
		}
	}
}
