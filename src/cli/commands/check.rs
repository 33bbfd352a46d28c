//! `dbtool check`: the gate for CI.

use clap::ValueEnum;

use crate::UserError;
use crate::check::{self, Finding, Level, Levels, News, ReadScript, Sizes, project, report};
use crate::cli::check_fix::fix;
use crate::cli::project::DeclaredFiles;
use crate::cli::{Context, Exit};
use crate::config::Format;
use crate::dialect::{Access, Kind, Session};
use crate::migration::{GraphError, RevisionGraph};
use crate::model::Name;
use crate::run::History;
use crate::scratch::{Fault, Scratch, rehearse};

/// Check schema.toml, the revisions and, where it is asked for, the database
///
/// Replays the revisions in a scratch database, up and down, and judges the new ones by the rules. Exit status 1 where anything is found.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Judge what is behind this revision, or what this git reference does not have [default: `[check] since`, else what the database has not applied, else all]
    #[arg(long, value_name = "REV|GIT-REF", allow_hyphen_values = true)]
    since: Option<String>,
    /// Ask the database too: is it at head, has it drifted, how large are its tables
    #[arg(long)]
    live: bool,
    /// The lowest level that is shown and that ends the command with 1 [default: warning, or `[check] level`]
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Option<LevelArg>,
    /// Ask only the rules: nothing is replayed, and no server is needed
    #[arg(long, conflicts_with = "live")]
    rules_only: bool,
    /// Correct what can be corrected without a thought in the scripts of the new revisions
    #[arg(long, conflicts_with = "rules_only")]
    fix: bool,
    /// Explain what can be found under a code, or list all of it
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["since", "live", "fix", "rules_only"])]
    explain: Option<String>,
}

/// A level that can be asked for.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum LevelArg {
    Error,
    Warning,
    Note,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::Error => Level::Error,
            LevelArg::Warning => Level::Warning,
            LevelArg::Note => Level::Note,
        }
    }
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    if let Some(code) = &args.explain {
        return explain(code, context);
    }
    refuse_unknown_codes(context)?;
    if args.fix {
        let found = Gate::open(&args, context)?.findings().await?;
        fix(context, found).await?;
    }
    let gate = Gate::open(&args, context)?;
    gate.graph.warnings.iter().for_each(|warning| context.ui.warn(warning));
    let found = gate.findings().await?;
    let level = args.level.map_or(context.settings.check.level, Level::from);
    let (shown, hidden): (Vec<Finding>, Vec<Finding>) = found.findings.into_iter().partition(|finding| finding.level >= level);
    tell(&shown, &hidden, context);
    Ok(if shown.is_empty() { Exit::Done } else { Exit::No })
}

fn explain(code: &str, context: &Context) -> anyhow::Result<Exit> {
    let text = if code.is_empty() { Some(check::list()) } else { check::explain(code) };
    let Some(text) = text else {
        return Err(UserError::new(format!("there is no rule {code}")).with_help(check::nearest(code)).into());
    };
    context.ui.print_text(&text);
    context.ui.document(serde_json::json!({ "code": code, "text": text }));
    Ok(Exit::Done)
}

/// A misspelt code in dbtool.toml would switch nothing off.
fn refuse_unknown_codes(context: &Context) -> Result<(), UserError> {
    let settings = &context.settings.check;
    let of_paths = settings.paths.iter().flat_map(|entry| entry.rules.keys());
    let mut codes = settings.ignore.iter().chain(settings.rules.keys()).chain(of_paths);
    match codes.find(|code| !check::is_known(code)) {
        Some(code) => Err(UserError::new(format!("{}: [check] names a rule {code}, and there is none", context.settings.config.display()))
            .with_help(check::nearest(code))),
        None => Ok(()),
    }
}

/// Everything that was found, and what it takes to correct it.
pub struct Found {
    pub findings: Vec<Finding>,
    pub graph: RevisionGraph,
    /// The revisions that nobody can have run; `None` where that is not known.
    pub news: Option<News>,
    pub version: u32,
}

/// What is checked: the files as they are now.
struct Gate<'a> {
    args: &'a Args,
    context: &'a Context,
    kind: Kind,
    declared: Option<DeclaredFiles>,
    graph: RevisionGraph,
    findings: Vec<Finding>,
    /// True where there is an order in which the revisions can be run.
    is_graph: bool,
    known_news: Option<News>,
    version: u32,
    has_given_up: bool,
}

impl<'a> Gate<'a> {
    /// Reads the files. What is wrong with them is a finding; that there are none is an error.
    fn open(args: &'a Args, context: &'a Context) -> anyhow::Result<Self> {
        let kind = context.settings.database_url()?.kind();
        let mut gate = Self {
            args,
            context,
            kind,
            declared: None,
            graph: RevisionGraph::default(),
            findings: Vec::new(),
            is_graph: true,
            known_news: None,
            version: 0,
            has_given_up: false,
        };
        match context.declared_or_faults(kind.dialect()) {
            Ok(Ok(files)) => gate.declared = Some(files),
            Ok(Err(faults)) => gate.findings.extend(project::schema_faults(&faults.sources, &faults.diagnostics)),
            Err(error) => match error.downcast::<UserError>() {
                Ok(error) => gate.findings.push(Finding::new("schema-invalid", error.message, error.help.unwrap_or_default())),
                Err(error) => return Err(error),
            },
        }
        match RevisionGraph::load(&context.settings.directory) {
            Ok(graph) => gate.graph = graph,
            Err(error @ (GraphError::NoFolder(_) | GraphError::Unreadable { .. })) => return Err(UserError::from(error).into()),
            Err(error) => {
                gate.findings.push(project::graph_fault(&error));
                gate.is_graph = false;
            }
        }
        if let Err(error) = gate.graph.single_head() {
            gate.findings.push(project::graph_fault(&error));
        }
        Ok(gate)
    }

    async fn findings(mut self) -> anyhow::Result<Found> {
        let (mut scripts, sizes) = (Vec::new(), Sizes::default());
        if self.is_graph {
            if self.args.rules_only {
                let news = self.news(None)?;
                scripts = self.judge(&news, 0, &sizes)?;
            } else {
                scripts = self.with_scratch().await?;
            }
        }
        let levels = Levels::new(self.context.settings.check.clone());
        let leveled = self.findings.into_iter().filter_map(|finding| {
            let path = finding.place.as_ref().map(|place| place.source.path.clone());
            // The judge has given those of rules their level.
            let is_of_gate = check::is_of_gate(finding.code);
            let level = if is_of_gate { levels.of(finding.code, finding.level, path.as_deref()) } else { finding.level };
            (level != Level::Off).then_some(Finding { level, ..finding })
        });
        let mut findings = check::apply_allows(leveled.collect(), &scripts, &levels, !self.args.rules_only && !self.has_given_up);
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.place.is_none()));
        Ok(Found { findings, graph: self.graph, news: self.known_news, version: self.version })
    }

    /// Everything that takes a server, or SQLite in memory.
    async fn with_scratch(&mut self) -> anyhow::Result<Vec<ReadScript>> {
        let mut session = self.session().await?;
        let mut scratch = self.context.scratch(session.as_mut()).await?;
        let result = self.run(&mut session, &mut scratch).await;
        for what in scratch.left_out() {
            self.context
                .ui
                .note(format!("Not run in scratch, because the server is not ours alone: {what}. --scratch-url names one where it may be"));
        }
        scratch.close().await;
        if let Some(session) = session {
            session.close().await;
        }
        result
    }

    /// A connection to the database, where it is asked for or costs nothing: a file that is there, or the server that lends the scratch. What
    /// it has applied is looked at then, and what scratch is made like; nothing else unless `--live` asks for it.
    async fn session(&self) -> anyhow::Result<Option<Session>> {
        let settings = &self.context.settings;
        let is_near = match self.kind {
            Kind::Sqlite => settings.database_url()?.sqlite_path().exists(),
            Kind::Postgres | Kind::Mysql => settings.scratch_url.is_none(),
        };
        if !self.args.live && !is_near {
            return Ok(None);
        }
        let connected = self.context.connect(Access::ReadOnly).await;
        if self.args.live || self.kind != Kind::Sqlite {
            return connected.map(Some);
        }
        // Nobody has asked for the file, so one that cannot be read is no reason to end.
        let Ok(mut session) = connected else { return Ok(None) };
        let is_readable = self.context.history_of(&mut session).await.is_ok();
        Ok(Some(session).filter(|_| is_readable))
    }

    async fn run(&mut self, session: &mut Option<Session>, scratch: &mut Scratch) -> anyhow::Result<Vec<ReadScript>> {
        let mut history = None;
        if let Some(session) = session {
            let found = self.context.history_of(session).await?;
            self.findings.extend(project::history_faults(&self.graph, &found)?);
            history = Some(found).filter(|found| self.args.live || !found.rows.is_empty());
        }
        let news = self.news(history.as_ref())?;
        let has_since = self.args.since.is_some() || self.context.settings.check.since.is_some();
        // What the database has applied is not to be changed, whatever git says; and an empty database says nothing about others.
        let applied = |id: &String| history.as_ref().is_some_and(|history: &History| history.is_applied(id));
        let changeable = News { new: news.new.iter().filter(|id| !applied(id)).cloned().collect(), ..news.clone() };
        self.known_news = Some(changeable).filter(|_| has_since || history.is_some());
        self.version = scratch.version();
        let all = || self.graph.revisions().map(|revision| revision.id.clone()).collect();
        let downs = if has_since { news.new.union(&news.other_downs).cloned().collect() } else { all() };
        let rehearsal = rehearse(scratch, &self.graph, &self.graph.heads(), &downs, &check::excused(&self.graph, self.kind.dialect())?).await?;
        self.has_given_up = rehearsal.faults.iter().any(|fault| matches!(fault, Fault::GaveUp { .. }));
        self.findings.extend(rehearsal.faults.iter().map(|fault| project::rehearsal_fault(fault, &self.graph)));
        let has_one_head = self.graph.single_head().is_ok();
        if let (Some(made), Some(files), true) = (&rehearsal.made, &self.declared, has_one_head) {
            let place = |table: Option<&Name>| files.place_of(table).unwrap_or_else(|| project::line_of(&self.context.settings.schema, 1));
            self.findings.extend(project::forgotten(scratch, made, &files.declared.schema, place).await?);
        }
        let mut sizes = Sizes::default();
        if let (Some(session), true) = (session, self.args.live) {
            let history = history.unwrap_or_default();
            let made = rehearsal.made.as_ref().filter(|_| has_one_head);
            let live = session.introspect(&self.context.settings.scope()).await?;
            sizes = check::sizes(&self.graph, &news, session, &live).await?;
            self.findings.extend(project::live_faults(live, scratch, &self.graph, &history, made).await?);
        }
        self.judge(&news, self.version, &sizes)
    }

    fn news(&mut self, history: Option<&History>) -> anyhow::Result<News> {
        let since = self.args.since.as_deref().or(self.context.settings.check.since.as_deref());
        let news = check::news(&self.graph, since, history)?;
        if since.is_some() {
            self.findings.extend(project::news_faults(&news, &self.graph));
        }
        Ok(news)
    }

    /// Asks the rules about the new revisions. The scripts come back as [`check::judge_revisions`] gives them.
    fn judge(&mut self, news: &News, version: u32, sizes: &Sizes) -> anyhow::Result<Vec<ReadScript>> {
        let levels = Levels::new(self.context.settings.check.clone());
        let (scripts, findings) = check::judge_revisions(&self.graph, news, self.kind, version, &levels, sizes)?;
        self.findings.extend(findings);
        Ok(scripts)
    }
}

fn tell(shown: &[Finding], hidden: &[Finding], context: &Context) {
    let ui = &context.ui;
    match ui.format() {
        Format::Human => {
            let blocks: Vec<String> = shown.iter().map(|finding| report::human(finding, ui.is_result_colored())).collect();
            if !blocks.is_empty() {
                ui.print(format!("{}\n", blocks.join("\n\n")));
            }
            let found = if shown.is_empty() { "Nothing found.".to_owned() } else { format!("Found {}.", report::summary(shown)) };
            let more =
                if hidden.is_empty() { String::new() } else { format!(" {} below the level: --level note shows them.", report::summary(hidden)) };
            ui.print(format!("{found}{more}"));
        }
        Format::Json => ui.document(report::json(shown)),
        Format::Github => {
            let prefix = check::git_prefix();
            shown.iter().for_each(|finding| ui.raw(&report::github(finding, &prefix)));
        }
        Format::Gitlab => ui.raw(&report::gitlab(shown, &context.settings.schema.display().to_string(), &check::git_prefix())),
        Format::Sarif => ui.raw(&report::sarif(shown, &check::git_prefix())),
    }
}
