//! A linearizable store on one node that survives kill -9: writes are in a journal before they are acknowledged.
//!
//!     rustc --edition 2021 --target wasm32-wasip1 -O -C strip=symbols journal-kv.rs
//!     ../../maelstrom test -w lin-kv --bin journal-kv.wasm --node-count 1 --concurrency 8 --nemesis kill --nemesis-interval 1 --simulate
//!
//! Like journal-kv.c: `sync_data` comes before the reply, and an incomplete last line is removed when the journal is
//! read. The only thread waits for stdin; for programs that also need timers see docs/wasm.md. (Before Rust 1.78 the
//! target is called wasm32-wasi.)
#[path = "../rust/json.rs"]
mod json;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

struct Store {
    values: HashMap<String, String>,
    journal: File,
}

impl Store {
    /// Reads what earlier lives have written, and cuts an incomplete last line off.
    fn open(path: &Path) -> io::Result<Store> {
        let mut journal = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        let mut bytes = Vec::new();
        journal.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        journal.set_len(whole as u64)?;
        let text = String::from_utf8_lossy(&bytes[..whole]);
        let values = text
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(key, value)| (key.to_string(), value.to_string()))
            .collect();
        Ok(Store { values, journal })
    }

    /// Must be on disk before it becomes visible.
    fn save(&mut self, key: &str, value: &str) -> io::Result<()> {
        self.journal.write_all(format!("{key}\t{value}\n").as_bytes())?;
        self.journal.sync_data()?;
        self.values.insert(key.to_string(), value.to_string());
        Ok(())
    }

    fn answer(&mut self, request: &str) -> io::Result<String> {
        let field = |name| json::field(request, name).unwrap_or("null");
        let kind = json::decode(field("type"));
        let error = |code, text| Ok(format!(r#""type":"error","code":{code},"text":"{text}""#));
        let key = field("key");
        match (kind.as_str(), self.values.get(key)) {
            ("init", _) => Ok(r#""type":"init_ok""#.to_string()),
            ("write", _) => {
                self.save(key, field("value"))?;
                Ok(r#""type":"write_ok""#.to_string())
            }
            ("read" | "cas", None) => error(20, "no such key"),
            ("read", Some(value)) => Ok(format!(r#""type":"read_ok","value":{value}"#)),
            ("cas", Some(value)) if value != field("from") => error(22, "another value"),
            ("cas", _) => {
                self.save(key, field("to"))?;
                Ok(r#""type":"cas_ok""#.to_string())
            }
            _ => error(10, "not supported"),
        }
    }
}

fn main() -> io::Result<()> {
    let folder = std::env::var("MAELSTROM_DATA_DIR").unwrap_or_else(|_| ".".to_string());
    let mut store = Store::open(&Path::new(&folder).join("journal"))?;
    for line in io::stdin().lines() {
        let line = line?;
        let field = |object, name| json::field(object, name).unwrap_or("null");
        let (src, dest, request) = (field(&line, "src"), field(&line, "dest"), field(&line, "body"));
        let answer = store.answer(request)?;
        let msg_id = field(request, "msg_id");
        println!(r#"{{"src":{dest},"dest":{src},"body":{{{answer},"in_reply_to":{msg_id}}}}}"#);
    }
    Ok(())
}
