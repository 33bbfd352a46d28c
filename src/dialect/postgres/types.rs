//! The spelling of types: schema.toml's portable names, SQL's short names, and the long ones of the server's `format_type`.

use std::fmt;

use super::lexer;

pub use super::cast::cast;

/// A type taken apart: `character varying(10)[]` is the base `character varying`, the arguments `10` and an array.
///
/// The base is the server's own name for it (`format_type`) where the type has more than one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    pub base: String,
    /// What stands in the parentheses, without white space.
    pub args: Option<String>,
    /// `[]`, or nothing. PostgreSQL does not keep the number of dimensions.
    pub array: &'static str,
}

/// The server's names for what SQL, and people, also call otherwise.
const SYNONYMS: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int4", "integer"),
    ("int2", "smallint"),
    ("int8", "bigint"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("float", "double precision"),
    ("double", "double precision"),
    ("bool", "boolean"),
    ("decimal", "numeric"),
    ("dec", "numeric"),
    ("varchar", "character varying"),
    ("string", "character varying"),
    ("char", "character"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("datetime", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
    ("binary", "bytea"),
];

impl Spelling {
    pub fn parse(spelled: &str) -> Self {
        let mut rest = spelled.trim();
        let mut array = "";
        while let Some(element) = rest.strip_suffix(']').and_then(|open| open.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix('[')) {
            rest = element.trim_end();
            array = "[]";
        }
        let (base, args) = take_args(rest);
        let base = if base.contains('"') { base } else { base.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase() };
        let base = SYNONYMS.iter().find(|(synonym, _)| *synonym == base).map_or(base, |(_, name)| (*name).to_owned());
        Self { base, args, array }
    }

    /// The arguments as numbers; `None` where there are none, or where they are not numbers (`geometry(Point,4326)`).
    pub fn numbers(&self) -> Option<Vec<i64>> {
        self.args.as_ref()?.split(',').map(|number| number.parse().ok()).collect()
    }

    /// The short name that SQL has for the base, where it has one.
    fn short(&self) -> &str {
        match self.base.as_str() {
            "character varying" => "varchar",
            "character" => "char",
            "timestamp without time zone" => "timestamp",
            "timestamp with time zone" => "timestamptz",
            "time without time zone" => "time",
            "time with time zone" => "timetz",
            base => base,
        }
    }

    fn with_base(&self, base: &str) -> String {
        Self { base: base.to_owned(), ..self.clone() }.to_string()
    }
}

impl fmt::Display for Spelling {
    /// As `format_type` prints it: the arguments of `timestamp(3) with time zone` stand behind the first word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args = self.args.as_ref().map(|args| format!("({args})")).unwrap_or_default();
        match self.base.split_once(" with") {
            Some((word, rest)) if !self.base.contains('"') => write!(f, "{word}{args} with{rest}{}", self.array),
            _ => write!(f, "{}{args}{}", self.base, self.array),
        }
    }
}

/// Takes the one pair of parentheses out of a type's name; what stands behind it belongs to the name (`timestamp(3) with time zone`).
fn take_args(spelled: &str) -> (String, Option<String>) {
    let tokens: Vec<_> = lexer::tokens(spelled).collect();
    let open = tokens.iter().find(|token| token.is_symbol("("));
    let close = tokens.iter().rev().find(|token| token.is_symbol(")"));
    match (open, close) {
        (Some(open), Some(close)) if open.start < close.start => {
            let args = spelled[open.end()..close.start].split_whitespace().collect::<String>();
            let (before, behind) = (spelled[..open.start].trim_end(), spelled[close.end()..].trim());
            let base = if behind.is_empty() { before.to_owned() } else { format!("{before} {behind}") };
            (base, Some(args))
        }
        _ => (spelled.to_owned(), None),
    }
}

/// PostgreSQL's type for what schema.toml says. What is not a portable name is the server's own and passes as it is.
pub(super) fn map_type(spelled: &str) -> String {
    let (base, _) = take_args(spelled.trim().trim_end_matches("[]"));
    let mapped = match base.to_ascii_lowercase().as_str() {
        "string" => "varchar",
        "datetime" => "timestamp",
        "double" => "double precision",
        "binary" => "bytea",
        _ => return spelled.trim().to_owned(),
    };
    Spelling::parse(spelled).with_base(mapped)
}

/// What a person writes in SQL for the server's spelling: `varchar(64)` for `character varying(64)`.
pub(super) fn short_type(canonical: &str) -> String {
    let spelling = Spelling::parse(canonical);
    spelling.with_base(spelling.short())
}

/// What schema.toml says for the server's spelling.
pub(super) fn spell_type(canonical: &str) -> String {
    let spelling = Spelling::parse(canonical);
    let portable = match spelling.base.as_str() {
        "numeric" => "decimal",
        "double precision" => "double",
        "bytea" => "binary",
        _ => spelling.short(),
    };
    spelling.with_base(portable)
}

/// The serial of an integer type; any other type stays what it is.
pub fn serial_of(integer: &str) -> &str {
    match integer {
        "integer" => "serial",
        "bigint" => "bigserial",
        "smallint" => "smallserial",
        other => other,
    }
}

/// The integer type behind a serial.
pub(super) fn serial_type(spelled: &str) -> Option<&'static str> {
    match spelled.trim().to_ascii_lowercase().as_str() {
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        "smallserial" | "serial2" => Some("smallint"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portable_names_map_and_native_ones_pass() {
        for (portable, native) in [
            ("string(20)", "varchar(20)"),
            ("STRING(20)[]", "varchar(20)[]"),
            ("datetime", "timestamp"),
            ("datetime(3)", "timestamp(3)"),
            ("double", "double precision"),
            ("binary", "bytea"),
            ("decimal(10, 2)", "decimal(10, 2)"),
            ("geometry(Point, 4326)", "geometry(Point, 4326)"),
            ("app.\"My type\"", "app.\"My type\""),
        ] {
            assert_eq!(map_type(portable), native);
        }
    }

    #[test]
    fn the_servers_spelling_comes_back_short() {
        for (canonical, portable) in [
            ("character varying(64)", "varchar(64)"),
            ("character varying", "varchar"),
            ("character(3)", "char(3)"),
            ("\"char\"", "\"char\""),
            ("bpchar", "bpchar"),
            ("timestamp without time zone", "timestamp"),
            ("timestamp(3) with time zone", "timestamptz(3)"),
            ("time without time zone", "time"),
            ("time(0) with time zone", "timetz(0)"),
            ("numeric(10,2)", "decimal(10,2)"),
            ("numeric", "decimal"),
            ("double precision", "double"),
            ("bytea", "binary"),
            ("character varying(10)[]", "varchar(10)[]"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("geometry(Point,4326)", "geometry(Point,4326)"),
            ("app.\"My Type\"[]", "app.\"My Type\"[]"),
        ] {
            assert_eq!(spell_type(canonical), portable);
        }
    }

    #[test]
    fn spellings_print_as_the_server_prints_them() {
        for canonical in ["timestamp(3) with time zone[]", "numeric(10,-2)", "bit varying(5)", "character(1)", "interval second(3)"] {
            assert_eq!(Spelling::parse(canonical).to_string(), canonical);
        }
        assert_eq!(Spelling::parse("TIMESTAMPTZ(3)").to_string(), "timestamp(3) with time zone");
    }
}
