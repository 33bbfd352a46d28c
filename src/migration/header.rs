//! The first lines of a script: which revision it is, what it stands on, and what it is for.

/// What the header of a script says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub revision: String,
    pub parents: Vec<String>,
    pub message: Option<String>,
    /// The line of the file, from 1.
    pub line: usize,
}

/// Where the header of a script is spoilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeaderFault {
    pub line: usize,
    pub text: String,
}

/// The lines `-- dbtool: revision ID parent A,B` and `-- message`, as a new file begins.
pub fn render_header(revision: &str, parents: &[String], message: &str) -> String {
    let parent = if parents.is_empty() { String::new() } else { format!(" parent {}", parents.join(",")) };
    // A line end in the message would end the comment and become SQL.
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("-- dbtool: revision {revision}{parent}\n-- {message}\n")
}

impl Header {
    /// Reads the header from the comments `text` begins with; `None` where it has none.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, HeaderFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().map(str::trim).enumerate().take_while(|(_, line)| line.is_empty() || line.starts_with("--"));
        let found = lines.find_map(|(index, line)| Some((index + 1, line, directive(line)?.strip_prefix("revision")?)));
        let Some((line, text, words)) = found else { return Ok(None) };
        let fault = || HeaderFault { line, text: text.to_owned() };
        let mut words = words.split_whitespace();
        let revision = words.next().ok_or_else(fault)?.to_owned();
        let parents = match (words.next(), words.collect::<String>()) {
            (None, _) => Vec::new(),
            (Some("parent"), list) if !list.is_empty() => list.split(',').map(str::to_owned).collect(),
            _ => return Err(fault()),
        };
        if parents.iter().any(String::is_empty) {
            return Err(fault());
        }
        let message = lines.next().and_then(|(_, line)| line.strip_prefix("--")).map(str::trim);
        let message = message.filter(|message| !message.is_empty() && !message.starts_with("dbtool:")).map(str::to_owned);
        Ok(Some(Self { revision, parents, message, line }))
    }
}

/// What stands behind `-- dbtool:` in a line, without the white space around it.
pub(super) fn directive(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix("--")?.trim_start().strip_prefix("dbtool:")?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rendered_header_reads_back() {
        for parents in [vec![], vec!["1".to_owned()], vec!["1".to_owned(), "2".to_owned()]] {
            let text = render_header("3", &parents, "Add\ncompleted; DROP TABLE x");
            let header = Header::parse(&text).expect("valid").expect("there");
            assert_eq!((header.revision.as_str(), header.parents, header.line), ("3", parents, 1));
            assert_eq!(header.message.as_deref(), Some("Add completed; DROP TABLE x"));
        }
    }

    #[test]
    fn marks_and_line_ends_of_other_systems_are_read() {
        let header = Header::parse("\u{feff}\r\n-- dbtool: revision 3 parent 1, 2\r\n-- Add\r\n").expect("valid").expect("there");
        assert_eq!((header.parents, header.message.as_deref(), header.line), (vec!["1".to_owned(), "2".to_owned()], Some("Add"), 2));
    }

    #[test]
    fn a_file_without_header_has_none_and_a_spoilt_one_is_a_fault() {
        assert_eq!(Header::parse("CREATE TABLE t (a);\n-- dbtool: revision 3\n"), Ok(None));
        for spoilt in ["-- dbtool: revision", "-- dbtool: revision 3 parent", "-- dbtool: revision 3 after 2", "-- dbtool: revision 3 parent 1,,2"] {
            assert!(Header::parse(spoilt).is_err(), "{spoilt}");
        }
    }
}
