//! What is shown of a run while it goes on: a bar on a terminal, plain lines elsewhere, one JSON object in a line with `--format json`.
//! All of it goes to stderr.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::Ui;
use crate::migration::Direction;
use crate::run::{BackfillView, Event};

/// How often a backfill is mentioned where there is no terminal.
const LINES: Duration = Duration::from_secs(5);
/// Tables with fewer rows than this are done before anybody has read that they are slow.
const WORTH_A_WORD: u64 = 10_000;

/// The display of one run.
pub struct RunDisplay<'a> {
    ui: &'a Ui,
    bar: RefCell<Option<ProgressBar>>,
    mentioned: Cell<Option<Instant>>,
    started: RefCell<String>,
}

impl<'a> RunDisplay<'a> {
    pub fn new(ui: &'a Ui) -> Self {
        Self { ui, bar: RefCell::new(None), mentioned: Cell::new(None), started: RefCell::new(String::new()) }
    }

    /// Shows what a run tells about itself.
    pub fn event(&self, event: Event<'_>) {
        if self.ui.is_json() {
            return self.ui.line_of_json(&document(&event));
        }
        match event {
            Event::Waiting { holder } => self.say(&format!("Waiting for the lock, held by {holder}")),
            Event::Warning { text } => self.aside(|| self.ui.warn(text)),
            Event::Started { direction, revision, message, resumed } => self.start(direction, revision, message, resumed),
            Event::Part { title } => {
                self.clear();
                self.ui.note(format!("  {title}"));
            }
            Event::Backfill(view) => self.backfill(view),
            Event::Slow { table, what, rows, bytes } if rows >= WORTH_A_WORD => {
                self.say(&format!("  {table} ({} rows, {}): {what}", HumanCount(rows), HumanBytes(bytes)));
            }
            Event::Slow { .. } => {}
            Event::Blocked { by } => self.say(&format!("  waiting for {by}")),
            Event::Retrying { reason, wait } => {
                let reason = reason.lines().next().unwrap_or_default();
                self.say(&format!("  {reason}; trying again in {}", humantime::format_duration(wait)));
            }
            Event::Finished { duration } => {
                self.clear();
                self.ui.finish_line(&format!("done in {}", spent(duration)), &format!("{} done in {}", self.started.borrow(), spent(duration)));
            }
        }
    }

    fn start(&self, direction: Direction, revision: &str, message: &str, resumed: bool) {
        let verb = match direction {
            Direction::Up => "Upgrading",
            Direction::Down => "Downgrading",
        };
        let resumed = if resumed { " (going on where it was interrupted)" } else { "" };
        self.started.replace(revision.to_owned());
        self.mentioned.set(None);
        self.ui.open_line(&format!("{verb} {revision} {message}{resumed} ... "));
    }

    /// What is worth saying even with `-q`: why it takes so long.
    fn say(&self, text: &str) {
        self.aside(|| self.ui.insist(text));
    }

    /// Writes above the bar, where there is one.
    fn aside(&self, write: impl FnOnce()) {
        match self.bar.borrow().as_ref() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn backfill(&self, view: &BackfillView) {
        if view.done {
            self.clear();
            self.ui.note(format!("    {}", words(view)));
        } else if !self.ui.is_quiet() && io::stderr().is_terminal() {
            let mut slot = self.bar.borrow_mut();
            let bar = slot.get_or_insert_with(|| bar(&self.ui.is_colored()));
            bar.set_length(view.rows_expected.max(view.rows_seen));
            bar.set_position(view.rows_seen);
            bar.set_message(details(view));
        } else if view.percent() < 100 && self.mentioned.get().is_none_or(|at| at.elapsed() >= LINES) {
            self.mentioned.set(Some(Instant::now()));
            self.ui.note(format!("    {}", words(view)));
        }
    }
}

fn bar(colored: &bool) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let template = if *colored { "    {bar:24.cyan} {percent:>3} %  {msg}" } else { "    {bar:24} {percent:>3} %  {msg}" };
    // The template is a constant that the library knows; were it not, its own default would serve.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

/// A backfill in one line: `todos: 1,200,000 of 2,000,000 rows (60 %), 85,000 rows/s, 9s left`.
pub fn words(view: &BackfillView) -> String {
    format!("{}: {} %, {}", view.table, view.percent(), details(view))
}

fn details(view: &BackfillView) -> String {
    let mut text = format!("{} of {} rows", HumanCount(view.rows_seen), HumanCount(view.rows_expected.max(view.rows_seen)));
    if view.rate >= 1.0 {
        text.push_str(&format!(", {} rows/s", HumanCount(view.rate as u64)));
    }
    if view.done {
        text.push_str(&format!(", {} changed", HumanCount(view.rows_changed)));
    } else if view.pass > 1 {
        text.push_str(", sweep for late rows");
    } else if let Some(left) = view.left {
        text.push_str(&format!(", {} left", humantime::format_duration(Duration::from_secs(left.as_secs() + 1))));
    }
    if let Some(note) = &view.note {
        text.push_str(&format!(" ({})", note.lines().next().unwrap_or_default()));
    }
    text
}

fn spent(duration: Duration) -> String {
    match duration.as_millis() {
        millis if millis < 10_000 => format!("{millis} ms"),
        _ => humantime::format_duration(Duration::from_secs(duration.as_secs())).to_string(),
    }
}

/// A backfill in a document.
pub fn backfill_json(view: &BackfillView) -> Value {
    json!({
        "step": view.step, "table": view.table, "rows_seen": view.rows_seen, "rows_expected": view.rows_expected, "rows_changed": view.rows_changed,
        "batch_rows": view.batch_rows, "pass": view.pass, "rows_per_second": (view.rate * 10.0).round() / 10.0,
        "seconds_left": view.left.map(|left| left.as_secs()), "note": view.note, "done": view.done,
    })
}

fn document(event: &Event<'_>) -> Value {
    match event {
        Event::Waiting { holder } => json!({ "event": "waiting", "holder": holder }),
        Event::Started { direction, revision, message, resumed } => {
            let direction = if *direction == Direction::Up { "up" } else { "down" };
            json!({ "event": "started", "direction": direction, "revision": revision, "message": message, "resumed": resumed })
        }
        Event::Part { title } => json!({ "event": "step", "title": title }),
        Event::Backfill(view) => {
            let mut document = json!({ "event": "backfill" });
            if let (Some(document), Value::Object(fields)) = (document.as_object_mut(), backfill_json(view)) {
                document.extend(fields);
            }
            document
        }
        Event::Slow { table, what, rows, bytes } => json!({ "event": "slow", "table": table, "what": what, "rows": rows, "bytes": bytes }),
        Event::Blocked { by } => json!({ "event": "blocked", "by": by }),
        Event::Retrying { reason, wait } => json!({ "event": "retrying", "reason": reason, "wait_ms": wait.as_millis() as u64 }),
        Event::Finished { duration } => json!({ "event": "finished", "duration_ms": duration.as_millis() as u64 }),
        Event::Warning { text } => json!({ "event": "warning", "text": text }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backfill_is_told_in_one_line() {
        let mut view = BackfillView {
            table: "todos".into(),
            rows_seen: 1_200_000,
            rows_expected: 2_000_000,
            rate: 85_000.4,
            left: Some(Duration::from_millis(9_412)),
            pass: 1,
            ..BackfillView::default()
        };
        assert_eq!(words(&view), "todos: 60 %, 1,200,000 of 2,000,000 rows, 85,000 rows/s, 10s left");
        view.note = Some("a lock\n  detail".into());
        assert!(words(&view).ends_with("10s left (a lock)"));
        (view.done, view.rows_changed, view.note) = (true, 7, None);
        assert!(words(&view).ends_with("85,000 rows/s, 7 changed"));
    }
}
