//! Cuts a script into its statements, without loss.

use super::lexer::{Kind, Token, tokens};
use crate::source::Piece;

/// The statements of `sql`; the pieces joined are `sql`.
pub fn split(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut offset = 0;
    while offset < sql.len() {
        let piece = piece(sql, offset);
        offset += piece.text.len();
        pieces.push(piece);
    }
    pieces
}

/// True for a statement that SQLite refuses inside a transaction, or that has no effect or another one there.
///
/// VACUUM, ATTACH and DETACH are errors in a transaction; of the pragmas, `foreign_keys` and `journal_mode` are silently ignored there
/// (<https://www.sqlite.org/pragma.html#pragma_foreign_keys>), so none is trusted with it.
pub fn runs_alone(statement: &str) -> bool {
    let first = tokens(statement).find(Token::is_significant);
    first.is_some_and(|token| ["vacuum", "pragma", "attach", "detach"].iter().any(|word| token.is_word(word)))
}

/// The piece of `sql` that begins at `offset`.
fn piece(sql: &str, offset: usize) -> Piece<'_> {
    let rest = &sql[offset..];
    let Some(first) = significant(rest).next() else {
        return Piece { offset, text: rest, statement: (rest.len(), rest.len()) };
    };
    let trigger = is_trigger(rest);
    let mut end = first.start;
    let mut previous: [Option<Token<'_>>; 2] = [None, None];
    for token in significant(rest) {
        // The statements of a trigger's body end in `;` themselves, and only the END of the whole stands behind one: that of a CASE
        // never does. This is how `sqlite3_complete` tells them apart.
        let complete = !trigger || matches!(previous, [Some(before), Some(last)] if before.is_symbol(";") && last.is_word("end"));
        if token.is_symbol(";") && complete {
            let text = &rest[..token.end() + line_rest(&rest[token.end()..])];
            return Piece { offset, text, statement: (first.start, end) };
        }
        end = token.end();
        previous = [previous[1], Some(token)];
    }
    Piece { offset, text: rest, statement: (first.start, end) }
}

fn significant(sql: &str) -> impl Iterator<Item = Token<'_>> {
    tokens(sql).filter(Token::is_significant)
}

/// True where the SQL begins with `CREATE [TEMP | TEMPORARY] TRIGGER`, behind an EXPLAIN too.
fn is_trigger(sql: &str) -> bool {
    let mut words = significant(sql).peekable();
    if words.next_if(|token| token.is_word("explain")).is_some() && words.next_if(|token| token.is_word("query")).is_some() {
        words.next_if(|token| token.is_word("plan"));
    }
    if words.next_if(|token| token.is_word("create")).is_none() {
        return false;
    }
    words.next_if(|token| token.is_word("temp") || token.is_word("temporary"));
    words.next().is_some_and(|token| token.is_word("trigger"))
}

/// The number of bytes up to and with the end of the line, where nothing but white space and comments stands there; else none.
fn line_rest(sql: &str) -> usize {
    for token in tokens(sql) {
        match (token.kind, token.text.find('\n')) {
            (Kind::Space, Some(at)) => return token.start + at + 1,
            (Kind::Space | Kind::Comment, None) => {}
            _ => return 0,
        }
    }
    sql.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(sql: &str) -> Vec<&str> {
        let pieces = split(sql);
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), sql);
        assert!(pieces.iter().all(|piece| sql[piece.offset..].starts_with(piece.text)));
        pieces.iter().map(Piece::statement).filter(|statement| !statement.is_empty()).collect()
    }

    #[test]
    fn semicolons_in_literals_names_and_comments_end_nothing() {
        assert_eq!(statements("SELECT ';'; SELECT \";\" -- ;\n, [;] /* ; */;"), ["SELECT ';'", "SELECT \";\" -- ;\n, [;]"]);
        assert_eq!(statements(""), [""; 0]);
        assert_eq!(statements(" -- nothing\n"), [""; 0]);
        assert_eq!(statements("SELECT 1 -- open"), ["SELECT 1"]);
        assert_eq!(statements(";;SELECT 1;;"), ["SELECT 1"]);
        assert_eq!(statements("SELECT 'open; SELECT 2"), ["SELECT 'open; SELECT 2"]);
    }

    #[test]
    fn a_trigger_is_one_statement_whatever_its_body_holds() {
        let trigger =
            "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET b = CASE WHEN 1 THEN 2 END;\n  SELECT CASE 1 WHEN 1 THEN 2 END; -- ;\nEND";
        assert_eq!(statements(&format!("BEGIN;\n{trigger};\nEND;")), ["BEGIN", trigger, "END"]);
        assert_eq!(statements("CREATE TABLE trigger_log (x);SELECT 1"), ["CREATE TABLE trigger_log (x)", "SELECT 1"]);
    }

    #[test]
    fn a_piece_holds_what_stands_before_its_statement_and_the_rest_of_its_line() {
        let script = "-- dbtool: step \"a\"\nSELECT 1; -- one\n\n-- two\nSELECT 2;";
        let pieces = split(script);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0].leading(), "-- dbtool: step \"a\"\n");
        assert_eq!(pieces[0].text, "-- dbtool: step \"a\"\nSELECT 1; -- one\n");
        assert_eq!(pieces[1].leading(), "\n-- two\n");
        assert_eq!((pieces[0].line(script), pieces[1].line(script)), (2, 5));
    }

    #[test]
    fn what_cannot_run_in_a_transaction_runs_alone() {
        assert!(runs_alone("-- why\nPRAGMA foreign_keys = OFF"));
        assert!(runs_alone("vacuum"));
        assert!(!runs_alone("SELECT 'vacuum'"));
    }
}
