// Echo without any library: the whole protocol in one loop.
//
//	go build echo.go
//
// Shows what a node is: a program that reads messages from stdin, one JSON object per line, and writes messages to
// stdout the same way. A value that is only passed on is a json.RawMessage, so that numbers keep all their digits.
// Debug output goes to stderr, as log does; stdout belongs to the protocol.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
)

type Message struct {
	Src  string `json:"src"`
	Dest string `json:"dest"`
	Body Body   `json:"body"`
}

type Body struct {
	Type      string          `json:"type"`
	MsgID     json.RawMessage `json:"msg_id,omitempty"`
	InReplyTo json.RawMessage `json:"in_reply_to,omitempty"`
	NodeID    string          `json:"node_id,omitempty"`
	Echo      json.RawMessage `json:"echo,omitempty"`
	Code      int             `json:"code,omitempty"`
	Text      string          `json:"text,omitempty"`
}

func answer(request Body) Body {
	switch request.Type {
	case "init":
		log.Printf("I am %s", request.NodeID)
		return Body{Type: "init_ok"}
	case "echo":
		return Body{Type: "echo_ok", Echo: request.Echo}
	default:
		return Body{Type: "error", Code: 10, Text: request.Type + " is not supported"}
	}
}

func main() {
	in := json.NewDecoder(os.Stdin)
	out := json.NewEncoder(os.Stdout) // writes each message immediately, with a newline
	for {
		var request Message
		if err := in.Decode(&request); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		body := answer(request.Body)
		body.InReplyTo = request.Body.MsgID
		if err := out.Encode(Message{Src: request.Dest, Dest: request.Src, Body: body}); err != nil {
			log.Fatal(err)
		}
	}
}
