//! The place in a statement where a range of keys goes: the comment `/* dbtool:range ALIAS */` in its WHERE.

use crate::dialect::{BatchKey, Dialect};
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
    /// What is wrong with them, and what to write. `WHERE a OR b /* dbtool:range t */` would hold in every range where `a` does.
    pub fn find(piece: &Piece<'_>, dialect: &dyn Dialect) -> Result<Self, String> {
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
            refuse_place(&lexemes[..index])?;
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
}

/// What the comment calls the table; `None` for any other token.
fn alias<'a>(lexeme: &Lexeme<'a>) -> Option<&'a str> {
    let comment = Some(lexeme).filter(|lexeme| lexeme.kind == LexemeKind::Comment)?;
    Some(comment.text.strip_prefix("/*")?.strip_suffix("*/")?.trim().strip_prefix("dbtool:range")?.trim())
}

/// The comment has to stand in a WHERE, and no OR between the two at its level.
fn refuse_place(before: &[Lexeme<'_>]) -> Result<(), String> {
    let mut closed = 0_usize;
    for lexeme in before.iter().rev() {
        match lexeme.kind {
            LexemeKind::Close => closed += 1,
            LexemeKind::Open if closed == 0 => break,
            LexemeKind::Open => closed -= 1,
            LexemeKind::Word if closed == 0 && lexeme.is_word("or") => {
                return Err(
                    "the condition before /* dbtool:range */ has an OR outside parentheses: put the whole condition into parentheses".to_owned()
                );
            }
            LexemeKind::Word if closed == 0 && lexeme.is_word("where") => return Ok(()),
            LexemeKind::Word | LexemeKind::Comment | LexemeKind::Other => {}
        }
    }
    Err("the comment /* dbtool:range */ does not stand in a WHERE: write WHERE 1 = 1 before it where there is no condition".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    fn cut(statement: &str) -> Result<String, String> {
        let key = BatchKey::Columns(vec!["id".into()]);
        let dialect = Kind::Postgres.dialect();
        let script = format!("-- x\n{statement}; -- /* dbtool:range z */\n");
        Ok(Cut::find(&dialect.split(&script)[0], dialect)?.within(&key, Some(&["1".into()]), &["9".into()]))
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
        ] {
            assert!(cut(statement).expect_err(statement).contains(what), "{statement}");
        }
    }
}
