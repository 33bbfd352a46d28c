//! For people: the line of SQL under each finding, and what to write instead.

use crate::check::finding::{Finding, Level};
use crate::source::{Diagnostic, Source, render_as};

/// One finding as a block of lines, without a line end behind the last.
pub fn human(finding: &Finding, color: bool) -> String {
    let source: Option<&Source> = finding.place.as_ref().map(|place| place.source.as_ref());
    let diagnostic = Diagnostic {
        source: 0,
        span: finding.place.as_ref().map_or(0..0, |place| place.span.clone()),
        message: finding.message.clone(),
        help: finding.help.clone(),
    };
    let block = render_as(&diagnostic, finding.code, finding.level, source.map(std::slice::from_ref).unwrap_or_default(), color);
    match &finding.detail {
        Some(detail) => format!("{}\n{detail}", block.trim_end()),
        None => block.trim_end().to_owned(),
    }
}

/// How many there are of each level: `2 errors, 1 warning`.
pub fn summary(findings: &[Finding]) -> String {
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let told = [(count(Level::Error), "error"), (count(Level::Warning), "warning"), (count(Level::Note), "note")];
    let told = told.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }));
    told.collect::<Vec<_>>().join(", ")
}
