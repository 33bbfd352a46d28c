//! What people and programs see: results on stdout, everything else on stderr.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal as _, Write};

use clap::builder::styling::{AnsiColor, Style};
use serde_json::{Map, Value};

use crate::UserError;
use crate::config::{Color, Format, Settings};
use crate::migration::GraphError;
use crate::run::server_words;

/// The version of the shape of every JSON document; it changes when a field changes its meaning or goes.
const DOCUMENT_VERSION: u64 = 1;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::Cyan.on_default();

/// The two streams and how they are to be used.
pub struct Ui {
    command: String,
    format: Format,
    quiet: bool,
    verbose: u8,
    can_ask: bool,
    color: bool,
    result_color: bool,
    /// True while a progress line waits for its end.
    open_line: Cell<bool>,
    /// The first failure to write a result, which makes the run fail. A reader that went away is no failure.
    fault: RefCell<Option<io::Error>>,
}

impl Ui {
    pub fn new(command: &str, settings: &Settings) -> Self {
        Self {
            command: command.to_owned(),
            format: settings.format,
            quiet: settings.quiet,
            verbose: settings.verbose,
            can_ask: !settings.no_input && settings.format == Format::Human && io::stdin().is_terminal() && io::stderr().is_terminal(),
            color: colored(settings.color, io::stderr().is_terminal()),
            result_color: colored(settings.color, io::stdout().is_terminal()),
            open_line: Cell::new(false),
            fault: RefCell::new(None),
        }
    }

    /// For errors before there are settings.
    pub fn early(command: &str, json: bool) -> Self {
        Self {
            command: command.to_owned(),
            format: if json { Format::Json } else { Format::Human },
            quiet: false,
            verbose: 0,
            can_ask: false,
            color: colored(Color::Auto, io::stderr().is_terminal()),
            result_color: false,
            open_line: Cell::new(false),
            fault: RefCell::new(None),
        }
    }

    pub fn format(&self) -> Format {
        self.format
    }

    /// True where stdout is to carry one JSON document and nothing else.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// True where a question may be asked: at a terminal, and not with --no-input.
    pub fn can_ask(&self) -> bool {
        self.can_ask
    }

    /// True where stderr takes colours.
    pub fn is_colored(&self) -> bool {
        self.color
    }

    /// True where stdout takes colours.
    pub fn is_result_colored(&self) -> bool {
        self.result_color
    }

    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub fn is_verbose(&self) -> bool {
        self.verbose > 0
    }

    /// A result for people, with a line end. Left out of a JSON run.
    pub fn print(&self, text: impl AsRef<str>) {
        if self.format == Format::Human {
            self.raw(&format!("{}\n", text.as_ref()));
        }
    }

    /// A result for people that brings its own line ends, such as a file's text. Left out of a JSON run.
    pub fn print_text(&self, text: impl AsRef<str>) {
        if self.format == Format::Human {
            self.raw(text.as_ref());
        }
    }

    /// Text to stdout in whatever format, for commands with forms of their own.
    pub fn raw(&self, text: &str) {
        self.end_line();
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.fault.borrow_mut().get_or_insert(error);
        }
    }

    /// The document of a JSON run: `fields`, an object, behind `format` and `command`. Left out of other runs.
    pub fn document(&self, fields: Value) {
        if !self.is_json() {
            return;
        }
        let mut document = Map::new();
        document.insert("format".to_owned(), DOCUMENT_VERSION.into());
        document.insert("command".to_owned(), self.command.clone().into());
        if let Value::Object(fields) = fields {
            document.extend(fields);
        }
        self.raw(&format!("{:#}\n", Value::Object(document)));
    }

    /// Something worth knowing; `-q` leaves it out.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.quiet {
            self.stderr(&format!("{}\n", text.as_ref()));
        }
    }

    /// Something for those who asked with `-v`.
    pub fn detail(&self, text: impl AsRef<str>) {
        if self.is_verbose() {
            self.stderr(&format!("{}\n", text.as_ref()));
        }
    }

    pub fn warn(&self, text: impl AsRef<str>) {
        self.stderr(&format!("{} {}\n", self.paint(WARNING, "warning:"), text.as_ref()));
    }

    /// Something that even `-q` does not leave out.
    pub fn insist(&self, text: impl AsRef<str>) {
        if self.is_json() {
            return;
        }
        self.stderr(&format!("{}\n", text.as_ref()));
    }

    /// One JSON object in a line on stderr.
    pub fn line_of_json(&self, value: &Value) {
        self.stderr(&format!("{value}\n"));
    }

    /// Begins a line that waits for its end.
    pub fn open_line(&self, text: &str) {
        if !self.quiet {
            self.stderr(text);
            self.open_line.set(true);
        }
    }

    /// Ends the open line with `end`; where something has been written meanwhile, `otherwise` is a line of its own.
    pub fn finish_line(&self, end: &str, otherwise: &str) {
        if self.quiet {
            return;
        }
        let text = if self.open_line.replace(false) { end } else { otherwise };
        self.stderr(&format!("{text}\n"));
    }

    /// Shows why the run failed: as a document on stdout in a JSON run, else on stderr.
    pub fn error(&self, error: &anyhow::Error) {
        let (message, help) = words(error);
        if self.is_json() {
            self.document(serde_json::json!({ "error": { "message": message, "help": help } }));
            return;
        }
        self.stderr(&format!("{} {message}\n", self.paint(ERROR, "error:")));
        if let Some(help) = help {
            self.stderr(&format!("{} {help}\n", self.paint(HELP, "help:")));
        }
    }

    /// What went wrong in writing the results, at the end of a run.
    pub fn finish(&self) -> anyhow::Result<()> {
        match self.fault.borrow_mut().take() {
            Some(error) => Err(UserError::new(format!("cannot write to stdout: {error}")).into()),
            None => Ok(()),
        }
    }

    fn end_line(&self) {
        if self.open_line.replace(false) {
            let _ = io::stderr().write_all(b"\n");
        }
    }

    fn stderr(&self, text: &str) {
        self.end_line();
        // There is no place left to say that stderr is gone.
        let _ = io::stderr().write_all(text.as_bytes());
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// The message and the way out of an error, whoever made it.
fn words(error: &anyhow::Error) -> (String, Option<String>) {
    let user = error.downcast_ref::<UserError>();
    let graph = error.downcast_ref::<GraphError>();
    let help = user.and_then(|user| user.help.clone()).or_else(|| graph.map(GraphError::help));
    let last = match error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>()) {
        Some(server) => server_words(server),
        None => return (format!("{error:#}"), help),
    };
    // What was said in front of the server's words is kept; the driver's own wrapping of them is not.
    let context = error.chain().take_while(|cause| cause.downcast_ref::<sqlx::Error>().is_none()).map(ToString::to_string);
    let parts: Vec<String> = context.chain([last]).collect();
    (parts.join(": "), help)
}

fn colored(choice: Color, is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        Color::Always => true,
        Color::Never => false,
        // https://no-color.org
        Color::Auto => is_terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
