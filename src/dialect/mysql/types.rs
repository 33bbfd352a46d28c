//! The spelling of types: schema.toml's portable names and the server's own, as `information_schema.columns.column_type` has them.
//!
//! One dialect serves MySQL and MariaDB. Where the two spell a type in different ways, measured on MariaDB 10.11 and MySQL 9.7, the
//! comments say so; character sets and collations are no part of a type here.

use super::spelling::Spelling;

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
    fn types_are_told_by_their_kind() {
        assert!(is_text("enum('a')") && is_text("VARCHAR(3)") && is_text("longtext") && !is_text("json") && !is_text("blob"));
        assert!(is_binary("binary(16)") && is_binary("longblob") && !is_binary("text") && !is_binary("bit(8)"));
        assert!(is_integer("int(11) unsigned") && is_integer("boolean") && !is_integer("year") && !is_integer("decimal(10,0)"));
        assert!(is_float("float(7,3)") && is_float("double precision") && !is_float("decimal(10,2)"));
        assert!(is_number("decimal(10,2) unsigned") && is_number("float") && is_number("bigint") && !is_number("bit(1)"));
    }
}
