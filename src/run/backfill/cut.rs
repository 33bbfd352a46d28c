//! The place in a statement where a range of keys goes: the comment `/* dbtool:range ALIAS */` in its WHERE.

use super::place;
use crate::dialect::{BatchKey, Dialect};
use crate::migration::Backfill;
use crate::source::{Lexeme, LexemeKind, Piece};

/// A statement that can be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::run) struct Cut {
    /// The statement between the comments.
    texts: Vec<String>,
    /// What each comment calls the table.
    aliases: Vec<String>,
}

impl Cut {
    /// Finds the comments of the statement, which mostly stand behind its last word.
    ///
    /// # Errors
    /// What is wrong with them, and what to write: every statement that would do something else in ranges than as a whole.
    pub fn find(piece: &Piece<'_>, spec: &Backfill, dialect: &dyn Dialect) -> Result<Self, String> {
        let text = &piece.text[piece.statement.0..];
        let mut lexemes = dialect.lexemes(text);
        let length = piece.statement().len();
        let end = lexemes.iter().find(|lexeme| lexeme.start >= length && lexeme.text == ";").map_or(text.len(), |lexeme| lexeme.start);
        lexemes.retain(|lexeme| lexeme.start < end);
        let statement = &text[..end];
        let mut cut = Self { texts: Vec::new(), aliases: Vec::new() };
        let mut start = 0;
        for (index, lexeme) in lexemes.iter().enumerate() {
            let Some(alias) = alias(lexeme) else { continue };
            if alias.is_empty() {
                return Err("the comment /* dbtool:range */ does not say of which table: write /* dbtool:range TABLE */".to_owned());
            }
            place::refuse(&lexemes, index, spec.verify.is_some())?;
            cut.texts.push(statement[start..lexeme.start].to_owned());
            cut.aliases.push(alias.to_owned());
            start = lexeme.end();
        }
        if cut.aliases.is_empty() {
            return Err("a backfill says where the range of keys goes: write /* dbtool:range TABLE */ at the end of its WHERE, and WHERE 1 = 1 \
                        where it has none"
                .to_owned());
        }
        cut.texts.push(statement[start..].to_owned());
        place::refuse_target(&lexemes, &cut.aliases, spec.verify.is_some())?;
        Ok(cut)
    }

    /// The statement for one range.
    pub fn within(&self, key: &BatchKey, after: Option<&[String]>, upto: &[String]) -> String {
        let mut sql = String::new();
        for (index, text) in self.texts.iter().enumerate() {
            sql.push_str(text);
            if let Some(alias) = self.aliases.get(index) {
                if !sql.ends_with(char::is_whitespace) {
                    sql.push(' ');
                }
                sql.push_str(&format!("AND {}", key.range(alias, after, upto)));
            }
        }
        sql
    }

    /// Refuses an UPDATE that changes the key it is cut by: a row would move into a range that is still to come.
    pub fn refuse_changed_key(&self, key: &BatchKey, dialect: &dyn Dialect) -> Result<(), String> {
        let Some(columns) = key.columns() else { return Ok(()) };
        let text = self.texts.concat();
        match place::assigned(&dialect.lexemes(&text)).into_iter().find(|name| columns.iter().any(|column| same_name(column, name))) {
            None => Ok(()),
            Some(column) => Err(format!(
                "the backfill changes {column}, by which it is cut into batches, so a row could be changed twice: name another key (key=COLUMN), or take \
                 the directive away, so that the statement runs in one go"
            )),
        }
    }
}

/// Two spellings of one name, as far as quotes and case go.
fn same_name(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.trim_matches(['"', '`', '[', ']']).to_lowercase();
    bare(one) == bare(other)
}

/// What the comment calls the table; `None` for any other token.
fn alias<'a>(lexeme: &Lexeme<'a>) -> Option<&'a str> {
    let comment = Some(lexeme).filter(|lexeme| lexeme.kind == LexemeKind::Comment)?;
    Some(comment.text.strip_prefix("/*")?.strip_suffix("*/")?.trim().strip_prefix("dbtool:range")?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    fn cut(statement: &str) -> Result<String, String> {
        cut_with(statement, None)
    }

    fn cut_with(statement: &str, verify: Option<&str>) -> Result<String, String> {
        let key = BatchKey::Columns(vec!["id".into()]);
        let dialect = Kind::Postgres.dialect();
        let script = format!("-- x\n{statement}; -- /* dbtool:range z */\n");
        let verify = verify.map(str::to_owned);
        let spec = Backfill { table: "t".into(), key: Vec::new(), pace: crate::migration::Pace::default(), verify, line: 1 };
        let cut = Cut::find(&dialect.split(&script)[0], &spec, dialect)?;
        cut.refuse_changed_key(&key, dialect)?;
        Ok(cut.within(&key, Some(&["1".into()]), &["9".into()]))
    }

    #[test]
    fn the_range_goes_where_the_comment_stands() {
        assert_eq!(
            cut("UPDATE t SET a = 'x /* dbtool:range u */' WHERE (a IS NULL OR b) /* dbtool:range t */").expect("valid"),
            "UPDATE t SET a = 'x /* dbtool:range u */' WHERE (a IS NULL OR b) AND (t.id > 1 AND t.id <= 9)"
        );
        assert_eq!(
            cut("INSERT INTO b (x) SELECT s.x FROM a AS s WHERE 1 = 1 /*dbtool:range s*/ ON CONFLICT DO NOTHING").expect("valid"),
            "INSERT INTO b (x) SELECT s.x FROM a AS s WHERE 1 = 1 AND (s.id > 1 AND s.id <= 9) ON CONFLICT DO NOTHING"
        );
    }

    #[test]
    fn a_statement_that_would_not_keep_to_its_range_is_refused() {
        for (statement, what) in [
            ("UPDATE t SET a = 1 WHERE a IS NULL", "/* dbtool:range TABLE */"),
            ("UPDATE t SET a = 1 WHERE a IS NULL OR b /* dbtool:range t */", "OR outside parentheses"),
            ("UPDATE t SET a = 1 /* dbtool:range t */", "does not stand in a WHERE"),
            ("UPDATE t SET a = (SELECT 1 WHERE x) /* dbtool:range t */", "does not stand in a WHERE"),
            ("UPDATE t SET a = 1 WHERE b /* dbtool:range */", "does not say of which table"),
            ("UPDATE t SET a = 1 WHERE b /* dbtool:range t */ OR c", "OR behind"),
            ("INSERT INTO u SELECT id FROM t WHERE 1 = 1 /* dbtool:range t */ UNION ALL SELECT id FROM c", "UNION behind"),
            ("INSERT INTO u SELECT id FROM t WHERE 1 = 1 /* dbtool:range t */ GROUP BY id", "GROUP behind"),
            ("INSERT INTO u SELECT DISTINCT a FROM t WHERE 1 = 1 /* dbtool:range t */", "DISTINCT"),
            ("UPDATE t SET n = n + 1 FROM c WHERE c.a = t.id /* dbtool:range c */", "changes t"),
            ("UPDATE t AS x SET n = n + 1 WHERE true /* dbtool:range t */", "changes t"),
            ("UPDATE t SET n = 1, \"id\" = id + 5 WHERE true /* dbtool:range t */", "changes \"id\", by which"),
        ] {
            assert!(cut(statement).expect_err(statement).contains(what), "{statement}");
        }
        let done = cut_with("UPDATE t SET p = p * 2 WHERE 1 = 1 /* dbtool:range t */", Some("SELECT 1"));
        assert!(done.expect_err("a sweep would do it again").contains("tells the rows that are still to do"));
    }

    #[test]
    fn other_forms_are_as_good() {
        for statement in [
            "UPDATE ONLY app.t AS x SET n = (SELECT max(id) FROM c WHERE c.id = x.id), m = 2 WHERE (a OR b) /* dbtool:range x */ RETURNING 1",
            "UPDATE app.\"t\" SET n = 1 WHERE n = 0 /* dbtool:range app.\"t\" */",
            "DELETE FROM t USING c WHERE c.id = t.id /* dbtool:range t */",
            "UPDATE t SET n = (a IS DISTINCT FROM b)::int, m = a IS NOT DISTINCT FROM b WHERE n IS NULL /* dbtool:range t */",
            "WITH d AS (SELECT 1) UPDATE t SET n = 1 WHERE n = 0 /* dbtool:range t */",
        ] {
            assert!(cut(statement).is_ok(), "{statement}: {:?}", cut(statement));
        }
        assert!(cut_with("UPDATE t SET n = 1 FROM c WHERE c.a = t.id AND n = 0 /* dbtool:range c */", Some("SELECT 1")).is_ok());
    }
}
