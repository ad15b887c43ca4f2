//! Linearizable key-value store without any library: every request is forwarded to the service `lin-kv`.
//!
//!     rustc --edition 2021 -O lin-kv.rs
//!
//! Shows a node that asks another one before it answers. Clients number their requests independently of each other, so
//! the node gives its own numbers to the requests that it forwards, and remembers the original request of each. Replies
//! are handed back unchanged, including errors. When there is none, the client gets error 0, which promises nothing:
//! the write may have been lost, or may have been executed. A definite error would be a lie, and a retry might execute
//! it twice.
mod json;

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{channel, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const PATIENCE: Duration = Duration::from_secs(2);

/// A forwarded request. Its texts are unchanged JSON.
struct Waiting {
    client: String,
    msg_id: String,
    deadline: Instant,
}

#[derive(Default)]
struct Node {
    id: String,
    last_number: u64,
    /// Indexed by this node's number; the oldest comes first.
    waiting: BTreeMap<u64, Waiting>,
}

impl Node {
    fn send(&self, dest: &str, body: &str) {
        println!(r#"{{"src":{},"dest":{dest},"body":{body}}}"#, self.id);
    }

    fn pass_on(&mut self, client: &str, body: &str, msg_id: &str) {
        self.last_number += 1;
        let number = self.last_number;
        let waiting = Waiting {
            client: client.to_string(),
            msg_id: msg_id.to_string(),
            deadline: Instant::now() + PATIENCE,
        };
        self.waiting.insert(number, waiting);
        self.send(r#""lin-kv""#, &with(body, "msg_id", &number.to_string()));
    }

    fn hand_back(&mut self, answer: &str, number: &str) {
        // A reply to an unknown number is too late: the client has its answer.
        if let Some(request) = number
            .parse()
            .ok()
            .and_then(|number| self.waiting.remove(&number))
        {
            self.send(
                &request.client,
                &with(answer, "in_reply_to", &request.msg_id),
            );
        }
    }

    fn give_up(&mut self) {
        let now = Instant::now();
        while let Some(oldest) = self
            .waiting
            .first_entry()
            .filter(|oldest| oldest.get().deadline <= now)
        {
            let Waiting { client, msg_id, .. } = oldest.remove();
            self.send(&client, &error(0, "lin-kv does not answer", &msg_id));
        }
    }

    fn handle(&mut self, line: &str) {
        let field = |object, name| json::field(object, name).unwrap_or("null");
        let (src, body) = (field(line, "src"), field(line, "body"));
        if let Some(number) = json::field(body, "in_reply_to") {
            return self.hand_back(body, number);
        }
        let Some(msg_id) = json::field(body, "msg_id") else {
            return;
        };
        let kind = json::decode(field(body, "type"));
        match kind.as_str() {
            "init" => {
                self.id = field(line, "dest").to_string();
                self.send(
                    src,
                    &format!(r#"{{"type":"init_ok","in_reply_to":{msg_id}}}"#),
                );
            }
            "read" | "write" | "cas" => self.pass_on(src, body, msg_id),
            _ => self.send(src, &error(10, &format!("{kind} is not supported"), msg_id)),
        }
    }

    /// Returns how long there is nothing to do.
    fn patience(&self) -> Duration {
        let oldest = self.waiting.values().next();
        oldest.map_or(PATIENCE, |oldest| {
            oldest.deadline.saturating_duration_since(Instant::now())
        })
    }
}

/// Returns a body with other numbers than the original: a message has its own number, or its request's.
fn with(body: &str, name: &str, value: &str) -> String {
    let mut members = vec![format!(r#""{name}":{value}"#)];
    for (name, value) in json::members(body) {
        if !["msg_id", "in_reply_to"].contains(&json::decode(name).as_str()) {
            members.push(format!("{name}:{value}"));
        }
    }
    format!("{{{}}}", members.join(","))
}

fn error(code: u32, text: &str, msg_id: &str) -> String {
    let text = json::quote(text);
    format!(r#"{{"type":"error","code":{code},"text":{text},"in_reply_to":{msg_id}}}"#)
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
    // Starts at the current time, so that a late reply to an earlier life of this node is not mistaken for one to this
    // life.
    let last_number = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_millis() as u64);
    let mut node = Node {
        last_number,
        ..Node::default()
    };
    loop {
        match messages.recv_timeout(node.patience()) {
            Ok(line) => node.handle(&line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break, // stdin has ended
        }
        node.give_up();
    }
}
