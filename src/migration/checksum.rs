//! The checksum of a script: it sees what a server would see, not how an editor or git ends lines.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// SHA-256 in hex of `text` without byte order mark, with `\n` as line end, without white space at line ends and blank lines at the end.
///
/// This definition is written into every user's database and must never change.
pub fn checksum(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut hasher = Sha256::new();
    let mut blank_lines = 0;
    for line in text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::trim_end) {
        if line.is_empty() {
            blank_lines += 1;
            continue;
        }
        // Blank lines count only once something follows them.
        (0..blank_lines).for_each(|_| hasher.update(b"\n"));
        blank_lines = 0;
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_trailing_white_space_do_not_count() {
        let sum = checksum("SELECT 1;\n\nSELECT 2;\n");
        for same in
            ["\u{feff}SELECT 1;\n\nSELECT 2;\n", "SELECT 1;\r\n\r\nSELECT 2;\r\n", "SELECT 1; \t\n  \nSELECT 2;", "SELECT 1;\n\nSELECT 2;\n\n \n"]
        {
            assert_eq!(checksum(same), sum, "{same:?}");
        }
    }

    #[test]
    fn everything_else_counts() {
        let sum = checksum("SELECT 1;\n\nSELECT 2;\n");
        for other in ["SELECT 1;\nSELECT 2;\n", " SELECT 1;\n\nSELECT 2;\n", "\nSELECT 1;\n\nSELECT 2;\n", "SELECT 1;\n\nSELECT 3;\n", ""] {
            assert_ne!(checksum(other), sum, "{other:?}");
        }
        assert_eq!(checksum("SELECT 1;\n"), "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd");
    }
}
