//! Broadcast without any library: a value sent to one node reaches all of them, even across partitions.
//!
//!     rustc --edition 2021 -O broadcast.rs
//!
//! Shows how to be sure over a network that loses messages: for each neighbour the node keeps the values that this
//! neighbour has not acknowledged, and resends them until it does. Receiving a value twice does no harm, because adding
//! it to a set twice changes nothing. One thread reads; the other owns the state, so no lock is needed. Names and
//! values are kept as JSON text, and written unchanged.
mod json;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::mpsc::{channel, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

const AGAIN: Duration = Duration::from_millis(500);

type Set = BTreeSet<String>;

#[derive(Default)]
struct Node {
    id: String,
    seen: Set,
    /// For each neighbour, the values that it may not know yet.
    unheard: BTreeMap<String, Set>,
}

impl Node {
    fn send(&self, dest: &str, body: &str) {
        println!(r#"{{"src":{},"dest":{dest},"body":{{{body}}}}}"#, self.id);
    }

    fn learn(&mut self, value: &str, teller: &str) {
        if !self.seen.insert(value.to_string()) {
            return;
        }
        for (neighbour, values) in &mut self.unheard {
            if neighbour != teller {
                values.insert(value.to_string());
            }
        }
        for neighbour in self.unheard.keys().filter(|name| *name != teller) {
            self.send(neighbour, &format!(r#""type":"tell","values":[{value}]"#));
        }
    }

    fn say_again(&self) {
        for (neighbour, values) in self.unheard.iter().filter(|(_, values)| !values.is_empty()) {
            self.send(
                neighbour,
                &format!(r#""type":"tell","values":{}"#, list(values)),
            );
        }
    }

    fn handle(&mut self, line: &str) {
        let field = |object, name| json::field(object, name).unwrap_or("null");
        let (src, body) = (field(line, "src"), field(line, "body"));
        let msg_id = json::field(body, "msg_id");
        let reply = |node: &Node, answer: &str| {
            if let Some(msg_id) = msg_id {
                node.send(src, &format!(r#"{answer},"in_reply_to":{msg_id}"#));
            }
        };
        let kind = json::decode(field(body, "type"));
        match kind.as_str() {
            "init" => {
                self.id = field(line, "dest").to_string();
                reply(self, r#""type":"init_ok""#);
            }
            "topology" => {
                let neighbours = field(field(body, "topology"), &json::decode(&self.id));
                for neighbour in json::items(neighbours) {
                    self.unheard
                        .insert(neighbour.to_string(), self.seen.clone());
                }
                reply(self, r#""type":"topology_ok""#);
            }
            "broadcast" => {
                self.learn(field(body, "message"), src);
                reply(self, r#""type":"broadcast_ok""#);
            }
            "read" => reply(
                self,
                &format!(r#""type":"read_ok","messages":{}"#, list(&self.seen)),
            ),
            // Between nodes, like its acknowledgement.
            "tell" => {
                let values = field(body, "values");
                for value in json::items(values) {
                    self.learn(value, src);
                }
                self.send(src, &format!(r#""type":"heard","values":{values}"#));
            }
            "heard" => {
                if let Some(unheard) = self.unheard.get_mut(src) {
                    for value in json::items(field(body, "values")) {
                        unheard.remove(value);
                    }
                }
            }
            _ => {
                let text = json::quote(&format!("{kind} is not supported"));
                reply(self, &format!(r#""type":"error","code":10,"text":{text}"#));
            }
        }
    }
}

fn list(values: &Set) -> String {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    format!("[{}]", values.join(","))
}

fn main() {
    let (lines, messages) = channel();
    thread::spawn(move || {
        for line in io::stdin().lines() {
            let sent = lines.send(line.expect("stdin can be read"));
            if sent.is_err() {
                break;
            }
        }
    });
    let mut node = Node::default();
    let mut next_round = Instant::now() + AGAIN;
    loop {
        match messages.recv_timeout(next_round.saturating_duration_since(Instant::now())) {
            Ok(line) => node.handle(&line),
            Err(RecvTimeoutError::Timeout) => {
                node.say_again();
                next_round = Instant::now() + AGAIN;
            }
            Err(RecvTimeoutError::Disconnected) => break, // stdin has ended
        }
    }
}
