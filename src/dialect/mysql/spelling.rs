//! A type taken apart as it is spelled, and put together again.

use std::fmt;

use super::lexer::tokens;

/// A type taken apart: `decimal(10,2) unsigned` is the base `decimal`, the arguments `10,2` and a number without a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    /// The type's words in lower case.
    pub base: String,
    /// What stands in the parentheses: quoted values as they were written, no white space elsewhere.
    pub args: Option<String>,
    pub unsigned: bool,
    pub zerofill: bool,
    /// MariaDB's COMPRESSED, which is part of the type there: <https://mariadb.com/kb/en/storage-engine-independent-column-compression/>.
    pub compressed: bool,
    /// What else was written behind the type (`character set latin1`); the server's spelling has nothing there.
    pub rest: String,
}

/// Types of more than one word.
const PHRASES: &[&str] = &[
    "national character varying",
    "national char varying",
    "national character",
    "national varchar",
    "national char",
    "nchar varchar",
    "nchar varying",
    "character varying",
    "char varying",
    "char byte",
    "double precision",
    "long varbinary",
    "long varchar",
    "long char varying",
];

/// The server's names for what people also call otherwise: <https://dev.mysql.com/doc/refman/8.4/en/other-vendor-data-types.html>.
const SYNONYMS: &[(&str, &str)] = &[
    ("integer", "int"),
    ("int1", "tinyint"),
    ("int2", "smallint"),
    ("int3", "mediumint"),
    ("middleint", "mediumint"),
    ("int4", "int"),
    ("int8", "bigint"),
    ("dec", "decimal"),
    ("numeric", "decimal"),
    ("fixed", "decimal"),
    ("float4", "float"),
    ("float8", "double"),
    ("real", "double"),
    ("double precision", "double"),
    ("character", "char"),
    ("nchar", "char"),
    ("national char", "char"),
    ("national character", "char"),
    ("character varying", "varchar"),
    ("char varying", "varchar"),
    ("nvarchar", "varchar"),
    ("national varchar", "varchar"),
    ("nchar varchar", "varchar"),
    ("nchar varying", "varchar"),
    ("national char varying", "varchar"),
    ("national character varying", "varchar"),
    ("long", "mediumtext"),
    ("long varchar", "mediumtext"),
    ("long char varying", "mediumtext"),
    ("long varbinary", "mediumblob"),
    ("char byte", "binary"),
    ("geomcollection", "geometrycollection"),
];

/// The argument that the server writes, or means, where none is written.
const DEFAULT_ARGS: &[(&str, &str)] = &[("char", "1"), ("binary", "1"), ("bit", "1"), ("decimal", "10,0"), ("vector", "2048")];

impl Spelling {
    /// Takes a type apart under the server's own name for it.
    pub fn parse(spelled: &str) -> Self {
        let mut spelling = Self::as_written(spelled);
        if matches!(spelling.base.as_str(), "bool" | "boolean") {
            spelling = Self { base: "tinyint".to_owned(), args: Some("1".to_owned()), ..spelling };
        }
        if let Some((_, name)) = SYNONYMS.iter().find(|(synonym, _)| *synonym == spelling.base) {
            spelling.base = (*name).to_owned();
        }
        if spelling.args.is_none() {
            spelling.args = DEFAULT_ARGS.iter().find(|(base, _)| *base == spelling.base).map(|(_, args)| (*args).to_owned());
        }
        if spelling.base == "decimal" {
            spelling.args = spelling.args.map(|args| if args.contains(',') { args } else { format!("{args},0") });
        }
        // No digits of a second are written as none at all.
        if matches!(spelling.base.as_str(), "time" | "datetime" | "timestamp") && spelling.args.as_deref() == Some("0") {
            spelling.args = None;
        }
        // ZEROFILL makes a number UNSIGNED: https://dev.mysql.com/doc/refman/8.4/en/numeric-type-attributes.html.
        spelling.unsigned |= spelling.zerofill;
        spelling
    }

    pub fn as_written(spelled: &str) -> Self {
        // MariaDB writes COMPRESSED so that MySQL takes it for a comment.
        let text = tidy(spelled).replace("/*m!100301 compressed*/", "compressed");
        let (head, args, tail) = match parentheses(&text) {
            Some((open, close)) => (&text[..open], Some(text[open + 1..close].to_owned()), text[close + 1..].trim()),
            None => (text.as_str(), None, ""),
        };
        let (base, behind) = match PHRASES.iter().find(|phrase| starts_with_words(head, phrase)) {
            Some(phrase) => head.split_at(phrase.len()),
            None => head.split_at(head.find(' ').unwrap_or(head.len())),
        };
        let mut spelling = Self { base: base.to_owned(), args, unsigned: false, zerofill: false, compressed: false, rest: String::new() };
        let mut rest = Vec::new();
        for word in behind.split(' ').chain(tail.split(' ')).filter(|word| !word.is_empty()) {
            match word {
                "unsigned" => spelling.unsigned = true,
                "zerofill" => spelling.zerofill = true,
                "compressed" => spelling.compressed = true,
                "signed" => {}
                other => rest.push(other),
            }
        }
        spelling.rest = rest.join(" ");
        spelling
    }

    /// The arguments as numbers; `None` where there are none, or where they are not numbers (`enum('a','b')`).
    pub fn numbers(&self) -> Option<Vec<usize>> {
        self.args.as_ref()?.split(',').map(|number| number.parse().ok()).collect()
    }

    /// The first argument as a number.
    pub fn number(&self) -> Option<usize> {
        self.numbers()?.first().copied()
    }

    /// The values of an ENUM or SET, quoted as they are written; nothing for every other type.
    pub fn members(&self) -> Vec<&str> {
        match (self.base.as_str(), &self.args) {
            ("enum" | "set", Some(args)) => split_members(args),
            _ => Vec::new(),
        }
    }

    /// True where nothing stands behind the name of the type.
    pub fn is_bare(&self) -> bool {
        self.args.is_none() && !self.unsigned && !self.zerofill && !self.compressed && self.rest.is_empty()
    }

    /// The width that MariaDB shows for an integer type for which none was written. MySQL shows none since 8.0.19, but with ZEROFILL.
    pub fn default_width(&self) -> Option<&'static str> {
        let (signed, unsigned) = match self.base.as_str() {
            "tinyint" => ("4", "3"),
            "smallint" => ("6", "5"),
            "mediumint" => ("9", "8"),
            "int" => ("11", "10"),
            "bigint" => ("20", "20"),
            _ => return None,
        };
        Some(if self.unsigned { unsigned } else { signed })
    }

    pub fn with_base(self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self }
    }
}

impl fmt::Display for Spelling {
    /// As the server prints it; COMPRESSED as a word, so that MySQL refuses it rather than overlook it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)?;
        if let Some(args) = &self.args {
            write!(f, "({args})")?;
        }
        for (word, said) in [("unsigned", self.unsigned), ("zerofill", self.zerofill), ("compressed", self.compressed)] {
            if said {
                write!(f, " {word}")?;
            }
        }
        if self.rest.is_empty() { Ok(()) } else { write!(f, " {}", self.rest) }
    }
}

/// Lower case and single spaces, none of them beside a parenthesis or a comma; what stands in quotes is left as it is.
fn tidy(spelled: &str) -> String {
    let mut text = String::new();
    let mut rest = spelled.trim();
    while let Some(first) = rest.chars().next() {
        if matches!(first, '\'' | '"' | '`') {
            let (quoted, behind) = rest.split_at(quoted_length(rest));
            text.push_str(quoted);
            rest = behind;
        } else if first.is_whitespace() {
            rest = rest.trim_start();
            if !text.ends_with(['(', ',']) && !rest.starts_with(['(', ')', ',']) {
                text.push(' ');
            }
        } else {
            text.push(first.to_ascii_lowercase());
            rest = &rest[first.len_utf8()..];
            // `varchar(20)binary` is two words.
            if first == ')' && rest.starts_with(|next: char| next.is_alphabetic()) {
                text.push(' ');
            }
        }
    }
    text
}

/// The bytes of the quoted text at the beginning of `text`, quotes included. A text without end goes to the end.
fn quoted_length(text: &str) -> usize {
    tokens(text).next().map_or(0, |token| token.end())
}

/// Where the outermost parentheses stand in a tidy text, those in quotes not counted.
fn parentheses(text: &str) -> Option<(usize, usize)> {
    let (mut open, mut close) = (None, None);
    let mut at = 0;
    while at < text.len() {
        match text.as_bytes()[at] {
            b'\'' | b'"' | b'`' => {
                at += quoted_length(&text[at..]);
                continue;
            }
            b'(' if open.is_none() => open = Some(at),
            b')' if close.is_none() => close = Some(at),
            _ => {}
        }
        at += 1;
    }
    Some((open?, close.filter(|close| open < Some(*close))?))
}

fn starts_with_words(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|behind| behind.is_empty() || behind.starts_with(' '))
}

fn split_members(args: &str) -> Vec<&str> {
    let mut members = Vec::new();
    let mut rest = args;
    while rest.starts_with(['\'', '"']) {
        let (member, behind) = rest.split_at(quoted_length(rest));
        members.push(member);
        rest = behind.strip_prefix(',').unwrap_or("");
    }
    members
}

#[cfg(test)]
mod tests {
    use super::super::lexer::unescape;
    use super::*;

    #[test]
    fn a_type_has_one_name_when_it_is_taken_apart() {
        for (spelled, expected) in [
            ("BOOL", "tinyint(1)"),
            ("numeric(5)", "decimal(5,0)"),
            ("dec", "decimal(10,0)"),
            ("double precision unsigned", "double unsigned"),
            ("real", "double"),
            ("national character varying(5)", "varchar(5)"),
            ("char", "char(1)"),
            ("bit", "bit(1)"),
            ("int zerofill", "int unsigned zerofill"),
            ("int signed", "int"),
            ("timestamp(0)", "timestamp"),
            ("geomcollection", "geometrycollection"),
        ] {
            assert_eq!(Spelling::parse(spelled).to_string(), expected, "{spelled}");
        }
    }

    #[test]
    fn members_keep_their_quotes_and_lose_them_when_asked() {
        let spelling = Spelling::parse(r"enum('a','it''s','x,y','(\\)','')");
        assert_eq!(spelling.members(), ["'a'", "'it''s'", "'x,y'", r"'(\\)'", "''"]);
        assert_eq!(spelling.members().into_iter().map(unescape).collect::<Vec<_>>(), ["a", "it's", "x,y", r"(\)", ""]);
        assert_eq!(Spelling::parse("varchar(20)").members(), [""; 0]);
    }
}
