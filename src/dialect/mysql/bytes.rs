//! Text that a server sends although it is none: MariaDB writes the default of a binary column into SHOW CREATE as the bytes that it is.

/// What the server sent, as text. Literals of bytes in a CREATE TABLE are spelled in hexadecimal; anything else is shown as well as it gets.
pub(super) fn text(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.as_bytes().starts_with(b"CREATE TABLE") => spelled(error.as_bytes()),
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

fn spelled(sql: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(open) = sql[at..].iter().position(|byte| *byte == b'\'').map(|open| at + open) {
        out.push_str(&String::from_utf8_lossy(&sql[at..open]));
        let (value, end) = literal(sql, open);
        match std::str::from_utf8(&sql[open..end]) {
            Ok(text) => out.push_str(text),
            Err(_) => out.push_str(&format!("x'{}'", value.iter().map(|byte| format!("{byte:02x}")).collect::<String>())),
        }
        at = end;
    }
    out.push_str(&String::from_utf8_lossy(&sql[at..]));
    out
}

/// The value of the literal that begins at `open`, and where it ends.
fn literal(sql: &[u8], open: usize) -> (Vec<u8>, usize) {
    let mut value = Vec::new();
    let mut at = open + 1;
    while let Some(byte) = sql.get(at) {
        match (byte, sql.get(at + 1)) {
            (b'\'', Some(b'\'')) => value.push(b'\''),
            (b'\'', _) => return (value, at + 1),
            (b'\\', Some(b'0')) => value.push(0),
            (b'\\', Some(b'n')) => value.push(b'\n'),
            (b'\\', Some(b'r')) => value.push(b'\r'),
            (b'\\', Some(b'Z')) => value.push(0x1a),
            (b'\\', Some(other)) => value.push(*other),
            (byte, _) => {
                value.push(*byte);
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    (value, sql.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_spelled_out() {
        let sql = b"CREATE TABLE `a` (`v` binary(4) DEFAULT '\\0\xff''', `b` int COMMENT 'it''s \\0')";
        assert_eq!(text(sql.to_vec()), "CREATE TABLE `a` (`v` binary(4) DEFAULT x'00ff27', `b` int COMMENT 'it''s \\0')");
        assert_eq!(text(b"SELECT '\xff'".to_vec()), "SELECT '\u{fffd}'");
    }
}
