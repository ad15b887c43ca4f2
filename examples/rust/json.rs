//! As much of JSON as a node needs: it splits a text into its parts, and leaves each part unchanged.
//!
//! A value that is only passed on is never decoded, so that neither the digits of a number nor the escapes of a string
//! can change. The parts of an object or array are found by one rule: a value ends at the first comma, colon or closing
//! bracket that is outside strings and nested brackets. Texts are assumed to be valid JSON, as Maelstrom's are.
#![allow(dead_code)] // no node uses all of it

/// The members of an object: names and values as in the text.
pub fn members(object: &str) -> Vec<(&str, &str)> {
    let parts = parts(object);
    parts
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect()
}

/// Returns one member's value.
pub fn field<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let found = members(object)
        .into_iter()
        .find(|(known, _)| decode(known) == name);
    found.map(|(_, value)| value)
}

/// The elements of an array.
pub fn items(array: &str) -> Vec<&str> {
    parts(array)
}

/// The text between the brackets, split at its commas and colons.
fn parts(value: &str) -> Vec<&str> {
    let value = value.trim();
    let mut rest = value.get(1..value.len().saturating_sub(1)).unwrap_or("");
    let mut parts = Vec::new();
    while !rest.trim().is_empty() {
        let end = end_of_value(rest);
        parts.push(rest[..end].trim());
        rest = rest.get(end + 1..).unwrap_or("");
    }
    parts
}

fn end_of_value(text: &str) -> usize {
    let mut depth = 0;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true, // occurs in strings only
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b',' | b':' | b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The characters of a string, which is passed with its quotes.
pub fn decode(string: &str) -> String {
    let mut units = Vec::new(); // UTF-16, as \u escapes are
    let mut chars = string
        .get(1..string.len().saturating_sub(1))
        .unwrap_or("")
        .chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            units.extend(char.encode_utf16(&mut [0; 2]).iter());
            continue;
        }
        units.push(match chars.next() {
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                u16::from_str_radix(&digits, 16).unwrap_or(0xfffd)
            }
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some(other) => other as u16, // a quote, a slash or a backslash
            None => break,
        });
    }
    String::from_utf16_lossy(&units)
}

/// The text as a JSON string.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\0'..='\x1f' => quoted += &format!("\\u{:04x}", char as u32),
            _ => quoted.push(char),
        }
    }
    quoted + "\""
}
