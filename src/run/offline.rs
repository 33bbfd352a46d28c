//! Scripts as text, for `--sql`: what a run would send, its history statements at their places.

use crate::UserError;
use crate::dialect::Dialect;
use crate::migration::Script;

use super::script::{Segment, place};
use super::unit::located;

/// `script` with `record` in the transaction in which a run writes it. BEGIN and COMMIT are added where the script has none.
pub(super) fn render(script: &Script, dialect: &dyn Dialect, record: &str) -> Result<String, UserError> {
    let placed = place(&script.text, dialect).map_err(|error| located(script, error))?;
    let last = placed.iter().rposition(|placed| !matches!(placed.segment, Segment::Prepare(_)));
    let begin = dialect.begin();
    let mut out = String::new();
    let mut at = 0;
    for (index, part) in placed.iter().enumerate() {
        let wrapped = matches!(part.segment, Segment::Transaction(_)) && !part.explicit;
        out.push_str(&script.text[at..part.start]);
        if wrapped {
            out.push_str(&format!("{begin};\n"));
        }
        out.push_str(&script.text[part.start..part.last]);
        terminate(&mut out);
        if Some(index) == last {
            out.push_str(&format!("{record};\n"));
        }
        if wrapped {
            out.push_str("COMMIT;\n");
        }
        out.push_str(&script.text[part.last..part.end]);
        at = part.end;
    }
    out.push_str(&script.text[at..]);
    if !out.is_empty() {
        end_line(&mut out);
    }
    if last.is_none() {
        out.push_str(&format!("{begin};\n{record};\nCOMMIT;\n"));
    }
    Ok(out)
}

/// Ends the last statement: a script may leave out its last semicolon.
fn terminate(out: &mut String) {
    let code = out.trim_end().lines().next_back().unwrap_or_default();
    let code = code.split("--").next().unwrap_or_default().trim_end();
    if !code.is_empty() && !code.ends_with(';') && !code.ends_with("*/") {
        out.truncate(out.trim_end().len());
        // A comment at the end of the line would swallow a semicolon behind it.
        out.push_str("\n;");
    }
    end_line(out);
}

fn end_line(out: &mut String) {
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Kind;

    fn rendered(text: &str, kind: Kind) -> String {
        render(&Script::new("x.up.sql", text), kind.dialect(), "RECORD").expect(text)
    }

    #[test]
    fn the_record_goes_into_the_last_transaction() {
        assert_eq!(rendered("-- h\nSELECT 1;\n", Kind::Postgres), "BEGIN;\n-- h\nSELECT 1;\nRECORD;\nCOMMIT;\n");
        assert_eq!(
            rendered("PRAGMA a;\nBEGIN IMMEDIATE;\nSELECT 1;\nCOMMIT;\nPRAGMA b;\n", Kind::Sqlite),
            "PRAGMA a;\nBEGIN IMMEDIATE;\nSELECT 1;\nRECORD;\nCOMMIT;\nPRAGMA b;\n"
        );
        assert_eq!(rendered("-- nothing\n", Kind::Sqlite), "-- nothing\nBEGIN IMMEDIATE;\nRECORD;\nCOMMIT;\n");
    }

    #[test]
    fn the_record_stands_behind_the_delimiter_of_a_body() {
        let trigger = "DELIMITER //\nCREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END//\nDELIMITER ;\n";
        assert_eq!(rendered(trigger, Kind::Mysql), format!("{trigger}RECORD;\n"));
    }

    #[test]
    fn a_lone_statement_is_followed_by_the_record_and_a_missing_semicolon_is_added() {
        assert_eq!(rendered("CREATE INDEX CONCURRENTLY i ON t (a)", Kind::Postgres), "CREATE INDEX CONCURRENTLY i ON t (a)\n;\nRECORD;\n");
    }
}
