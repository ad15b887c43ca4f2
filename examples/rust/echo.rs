//! Echo without any library: the whole protocol in one loop.
//!
//!     rustc --edition 2021 -O echo.rs
//!
//! Shows what a node is: a program that reads messages from stdin, one JSON object per line, and writes messages to
//! stdout the same way. `println!` writes each line immediately, even into a pipe. Debug output goes to stderr
//! (`eprintln!`); stdout belongs to the protocol. json.rs leaves values unchanged: `src` below is `"c1"` with its
//! quotes.
mod json;

use std::io;

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let line = line?;
        let field = |object, name| json::field(object, name).unwrap_or("null");
        let (src, dest, request) = (
            field(&line, "src"),
            field(&line, "dest"),
            field(&line, "body"),
        );
        let kind = json::decode(field(request, "type"));
        let answer = match kind.as_str() {
            "init" => {
                eprintln!("I am {dest}");
                r#""type":"init_ok""#.to_string()
            }
            "echo" => format!(r#""type":"echo_ok","echo":{}"#, field(request, "echo")),
            _ => {
                let text = json::quote(&format!("{kind} is not supported"));
                format!(r#""type":"error","code":10,"text":{text}"#)
            }
        };
        let msg_id = field(request, "msg_id");
        println!(r#"{{"src":{dest},"dest":{src},"body":{{{answer},"in_reply_to":{msg_id}}}}}"#);
    }
    Ok(())
}
