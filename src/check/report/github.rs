//! Workflow commands of GitHub Actions, which become annotations of a pull request:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message>.

use super::{path, rooted, whole};
use crate::check::finding::{Finding, Level};

/// One finding as one line, its line end included. `prefix` is where the current folder is in the repository.
pub fn github(finding: &Finding, prefix: &str) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => "notice",
    };
    let mut properties = Vec::new();
    if let (Some(path), Some(place)) = (path(finding), &finding.place) {
        let ((line, column), (end_line, end_column)) = (place.start(), place.end());
        properties.push(format!("file={}", property(&rooted(&path, prefix))));
        properties.push(format!("line={line},endLine={end_line}"));
        // Columns are taken for those of one line.
        if line == end_line {
            properties.push(format!("col={column},endColumn={end_column}"));
        }
    }
    properties.push(format!("title={}", property(&format!("dbtool {}", finding.code))));
    format!("::{command} {}::{}\n", properties.join(","), data(&whole(finding)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
