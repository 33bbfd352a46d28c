//! The spelling of types: schema.toml's portable names and the server's own, as `information_schema.columns.column_type` has them.
//!
//! One dialect serves MySQL and MariaDB. Where the two spell a type in different ways, measured on MariaDB 10.11 and MySQL 9.7, the
//! comments say so; character sets and collations are no part of a type here.

use std::fmt;

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

    fn as_written(spelled: &str) -> Self {
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
    fn is_bare(&self) -> bool {
        self.args.is_none() && !self.unsigned && !self.zerofill && !self.compressed && self.rest.is_empty()
    }

    /// The width that MariaDB shows for an integer type for which none was written. MySQL shows none since 8.0.19, but with ZEROFILL.
    fn default_width(&self) -> Option<&'static str> {
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

    fn with_base(self, base: &str) -> Self {
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

/// The bytes of the quoted text at the beginning of `text`, quotes included: a doubled quote stays in it, and so does one behind a
/// backslash. A text without end goes to the end.
fn quoted_length(text: &str) -> usize {
    let quote = text.as_bytes()[0];
    let mut escaped = false;
    let mut bytes = text.bytes().enumerate().skip(1).peekable();
    while let Some((at, byte)) = bytes.next() {
        if escaped {
            escaped = false;
        } else if byte == b'\\' && quote != b'`' {
            escaped = true;
        } else if byte == quote {
            if bytes.peek().is_some_and(|(_, next)| *next == quote) {
                bytes.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
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

/// The text that a quoted member stands for: <https://dev.mysql.com/doc/refman/8.4/en/string-literals.html>.
pub(super) fn unquote(member: &str) -> String {
    let quote = member.chars().next().unwrap_or('\'');
    let inner = member.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)).unwrap_or(member);
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.push(match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('0') => '\0',
                Some('b') => '\u{8}',
                Some('Z') => '\u{1a}',
                Some(other) => other,
                None => '\\',
            }),
            _ if char == quote => {
                chars.next();
                text.push(quote);
            }
            _ => text.push(char),
        }
    }
    text
}

/// The server's type for what schema.toml says. What is not a portable name is the server's own and passes, its words in lower case.
///
/// - `timestamp` and `datetime` are dates with a time but without a zone: MySQL's DATETIME. `timestamptz` is a point in time: MySQL's
///   TIMESTAMP, which is stored in UTC and shown in the session's time zone (<https://dev.mysql.com/doc/refman/8.4/en/datetime.html>).
///   So MySQL's TIMESTAMP is not what `timestamp` means in schema.toml.
/// - `real` alone is a number of single precision, FLOAT. MySQL's own REAL is a DOUBLE
///   (<https://dev.mysql.com/doc/refman/8.4/en/floating-point-types.html>), and is meant where it has arguments or UNSIGNED.
/// - `binary` alone holds bytes of any length. With a length it is MySQL's BINARY, padded with zero bytes.
/// - `text` is MySQL's TEXT of at most 65,535 bytes, for a native TEXT has to stay what it is; `longtext` holds more.
/// - `uuid` stays: MariaDB has the type since 10.7. [`for_mysql`] says what MySQL takes.
pub fn map_type(spelled: &str) -> String {
    let spelling = Spelling::as_written(spelled);
    let mapped = match spelling.base.as_str() {
        "integer" => "int",
        "string" => "varchar",
        "timestamp" => "datetime",
        "timestamptz" => "timestamp",
        "boolean" if spelling.is_bare() => return "tinyint(1)".to_owned(),
        "real" if spelling.is_bare() => "float",
        "binary" if spelling.is_bare() => "longblob",
        _ => return spelling.to_string(),
    };
    spelling.with_base(mapped).to_string()
}

/// MySQL's type for one that MariaDB alone has (<https://mariadb.com/kb/en/uuid-data-type/>); any other type stays what it is.
///
/// A UUID becomes its text. INET4 and INET6 have no type of the same order in MySQL, which refuses them.
pub fn for_mysql(ty: &str) -> String {
    if Spelling::as_written(ty).base == "uuid" { "char(36)".to_owned() } else { ty.to_owned() }
}

/// What schema.toml says for the server's spelling: [`map_type`] of it is the same type to the server that spelled it.
///
/// MariaDB shows a width for each integer type, which goes where it is the default one
/// (<https://mariadb.com/kb/en/numeric-data-type-overview/>); MySQL shows none but for `tinyint(1)` and ZEROFILL.
pub fn spell_type(canonical: &str) -> String {
    let mut spelling = Spelling::as_written(canonical);
    if !spelling.zerofill && spelling.args.is_some() && spelling.args.as_deref() == spelling.default_width() {
        spelling.args = None;
    }
    let portable = match (spelling.base.as_str(), spelling.args.as_deref()) {
        ("tinyint", Some("1")) if !spelling.unsigned && !spelling.zerofill => return "boolean".to_owned(),
        ("year", _) => return "year".to_owned(),
        ("int", None) if spelling.is_bare() => "integer",
        ("float", None) if spelling.is_bare() => "real",
        ("longblob", None) if spelling.is_bare() => "binary",
        ("timestamp", _) => "timestamptz",
        // MySQL's short name; both servers take the long one.
        ("geomcollection", _) => "geometrycollection",
        _ => return spelling.to_string(),
    };
    spelling.with_base(portable).to_string()
}

/// True for types that have a character set.
pub fn is_text(ty: &str) -> bool {
    matches!(Spelling::parse(ty).base.as_str(), "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set")
}

/// True for types that hold bytes: their length is one of bytes, and they have neither a character set nor a collation.
pub fn is_binary(ty: &str) -> bool {
    matches!(Spelling::parse(ty).base.as_str(), "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob")
}

/// True for whole numbers, BOOLEAN among them; BIT and YEAR are types of their own.
pub fn is_integer(ty: &str) -> bool {
    matches!(Spelling::parse(ty).base.as_str(), "tinyint" | "smallint" | "mediumint" | "int" | "bigint")
}

/// True for numbers that are not exact.
pub fn is_float(ty: &str) -> bool {
    matches!(Spelling::parse(ty).base.as_str(), "float" | "double")
}

/// True for numbers of all kinds.
pub fn is_number(ty: &str) -> bool {
    is_integer(ty) || is_float(ty) || Spelling::parse(ty).base == "decimal"
}

/// True for a type of the spatial extensions: <https://dev.mysql.com/doc/refman/8.4/en/spatial-type-overview.html>.
pub fn is_spatial(ty: &str) -> bool {
    const SPATIAL: [&str; 9] =
        ["geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection"];
    SPATIAL.iter().any(|word| ty.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mapped: fn(&str) -> String, cases: &[(&str, &str)]) {
        for (given, expected) in cases {
            assert_eq!(mapped(given), *expected, "{given}");
        }
    }

    #[test]
    fn portable_names_map_and_native_ones_pass() {
        check(
            map_type,
            &[
                ("smallint", "smallint"),
                ("integer", "int"),
                ("INTEGER UNSIGNED", "int unsigned"),
                ("real", "float"),
                ("double", "double"),
                ("decimal(10, 2)", "decimal(10,2)"),
                ("boolean", "tinyint(1)"),
                ("text", "text"),
                ("string(20)", "varchar(20)"),
                ("char(3)", "char(3)"),
                ("binary", "longblob"),
                ("binary(16)", "binary(16)"),
                ("timestamp", "datetime"),
                ("Timestamp(3)", "datetime(3)"),
                ("datetime(6)", "datetime(6)"),
                ("timestamptz", "timestamp"),
                ("timestamptz (3)", "timestamp(3)"),
                ("uuid", "uuid"),
                ("json", "json"),
                ("real(7,3)", "real(7,3)"),
                ("real unsigned", "real unsigned"),
                ("double  precision", "double precision"),
                ("ENUM ( 'A b' , 'it''s(' )", "enum('A b','it''s(')"),
                ("varchar(20) CHARACTER SET latin1", "varchar(20) character set latin1"),
                ("text compressed", "text compressed"),
            ],
        );
    }

    #[test]
    fn the_servers_spelling_comes_back_portable() {
        check(
            spell_type,
            &[
                ("int(11)", "integer"),
                ("int", "integer"),
                ("int(10)", "int(10)"),
                ("int(10) unsigned", "int unsigned"),
                ("int(10) unsigned zerofill", "int(10) unsigned zerofill"),
                ("int(11) unsigned", "int(11) unsigned"),
                ("tinyint(1)", "boolean"),
                ("tinyint(1) unsigned", "tinyint(1) unsigned"),
                ("tinyint(4)", "tinyint"),
                ("smallint(6)", "smallint"),
                ("mediumint(8) unsigned", "mediumint unsigned"),
                ("bigint(20)", "bigint"),
                ("bigint(20) unsigned", "bigint unsigned"),
                ("float", "real"),
                ("float unsigned", "float unsigned"),
                ("float(7,3)", "float(7,3)"),
                ("double", "double"),
                ("decimal(10,0)", "decimal(10,0)"),
                ("longblob", "binary"),
                ("blob", "blob"),
                ("binary(1)", "binary(1)"),
                ("text", "text"),
                ("longtext", "longtext"),
                ("text /*M!100301 COMPRESSED*/", "text compressed"),
                ("longblob /*M!100301 COMPRESSED*/", "longblob compressed"),
                ("timestamp", "timestamptz"),
                ("timestamp(3)", "timestamptz(3)"),
                ("datetime", "datetime"),
                ("year(4)", "year"),
                ("geomcollection", "geometrycollection"),
                ("enum('A b','it''s','x,y','(Z)')", "enum('A b','it''s','x,y','(Z)')"),
                (r"set('a\\','\n')", r"set('a\\','\n')"),
            ],
        );
    }

    #[test]
    fn mysql_has_no_uuid() {
        check(for_mysql, &[("uuid", "char(36)"), ("inet6", "inet6"), ("int unsigned", "int unsigned")]);
    }

    #[test]
    fn a_type_has_one_name_when_it_is_taken_apart() {
        check(
            |spelled| Spelling::parse(spelled).to_string(),
            &[
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
            ],
        );
    }

    #[test]
    fn members_keep_their_quotes_and_lose_them_when_asked() {
        let spelling = Spelling::parse(r"enum('a','it''s','x,y','(\\)','')");
        assert_eq!(spelling.members(), ["'a'", "'it''s'", "'x,y'", r"'(\\)'", "''"]);
        assert_eq!(spelling.members().into_iter().map(unquote).collect::<Vec<_>>(), ["a", "it's", "x,y", r"(\)", ""]);
        assert_eq!(Spelling::parse("varchar(20)").members(), [""; 0]);
    }

    #[test]
    fn types_are_told_by_their_kind() {
        assert!(is_text("enum('a')") && is_text("VARCHAR(3)") && is_text("longtext") && !is_text("json") && !is_text("blob"));
        assert!(is_binary("binary(16)") && is_binary("longblob") && !is_binary("text") && !is_binary("bit(8)"));
        assert!(is_integer("int(11) unsigned") && is_integer("boolean") && !is_integer("year") && !is_integer("decimal(10,0)"));
        assert!(is_float("float(7,3)") && is_float("double precision") && !is_float("decimal(10,2)"));
        assert!(is_number("decimal(10,2) unsigned") && is_number("float") && is_number("bigint") && !is_number("bit(1)"));
    }
}
