//! A revision that must take effect just once, its way back, and what a database has to hold on either side.

use std::process::Command;

use crate::support::{Engine, Output, Project, Running, difference};

/// Which way a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

impl Way {
    pub const BOTH: [Way; 2] = [Way::Up, Way::Down];

    /// The command. A mere `downgrade` would take back another revision where the first run came to its end after all.
    fn arguments(self) -> [&'static str; 2] {
        match self {
            Way::Up => ["upgrade", "head"],
            Way::Down => ["downgrade", "base"],
        }
    }

    pub fn back(self) -> Self {
        match self {
            Way::Up => Way::Down,
            Way::Down => Way::Up,
        }
    }
}

/// The order of the parts of the revision; the way back has them the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A transaction, the backfill, a statement that stands alone, a transaction.
    Between,
    /// A statement that stands alone, two transactions, the backfill: the run up ends with the backfill, and that down with what stands alone.
    Edges,
}

/// What the work is like.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub shape: Shape,
    pub rows: u64,
    /// Rows of a batch.
    pub batch: u64,
    pub pause: &'static str,
    /// Seconds that each of the transactions takes at least, where it has to be met at work. On SQLite it is always a tenth or so.
    pub slow: Option<&'static str>,
}

/// The session of MariaDB that holds the lock of a run. The lock is the server's, and its name tells the database and the table.
pub const MARIADB_HOLDER: &str = "is_used_lock(concat('dbtool.', left(sha2(concat(database(), ' dbtool_migrations'), 256), 32)))";

/// A project with the revision, and its database.
pub struct Work {
    pub project: Project,
    plan: Plan,
}

/// The schema on either side, as undisturbed runs leave it.
pub struct Schemas {
    up: String,
    down: String,
}

impl Schemas {
    /// Runs a work like that of `plan` once, undisturbed.
    pub fn of(engine: Engine, plan: Plan) -> Self {
        Self::on(Project::new(engine), plan)
    }

    /// The same in an empty project.
    pub fn on(project: Project, plan: Plan) -> Self {
        let engine = project.engine();
        let work = Work::new(project, plan);
        let before = work.project.dump();
        let mut dumps = Way::BOTH.map(|way| {
            let output = work.start(way).wait();
            assert!(output.status == 0, "{engine}: {}", output.report());
            work.check_rows(way, "undisturbed");
            work.project.dump()
        });
        let [up, down] = dumps.each_mut().map(std::mem::take);
        assert_eq!(down, before, "{engine}: down leads back");
        assert_ne!(up, down, "{engine}: up leads somewhere");
        Self { up, down }
    }
}

impl Work {
    /// Puts the revision and its rows into an empty project.
    pub fn new(project: Project, plan: Plan) -> Self {
        let engine = project.engine();
        let (up, down) = scripts(engine, plan);
        project.write("migrations/20990101000001_once.up.sql", &up);
        project.write("migrations/20990101000001_once.down.sql", &down);
        project.sql(&format!(
            "CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL); CREATE TABLE tally (begun integer, ended integer); \
             INSERT INTO tally VALUES (0, 0); INSERT INTO t (id, n) WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < {}) \
             SELECT x, x FROM c;",
            plan.rows
        ));
        Self { project, plan }
    }

    pub fn engine(&self) -> Engine {
        self.project.engine()
    }

    /// The run one way, at the pace of the plan.
    pub fn command(&self, way: Way) -> Command {
        let mut command = self.project.command();
        command.args(way.arguments()).args(["--batch", &self.plan.batch.to_string(), "--pause", self.plan.pause]);
        command
    }

    pub fn start(&self, way: Way) -> Running {
        Running::start(&mut self.command(way))
    }

    /// Ends what another run has begun, and looks whether all is as it should be.
    #[track_caller]
    pub fn finish(&self, way: Way, schemas: &Schemas, what: &str) -> Output {
        let output = self.start(way).wait();
        assert!(output.status == 0, "{}, {what}: the next run does not end the work: {}", self.engine(), output.report());
        self.check(way, schemas, what);
        output
    }

    /// Looks whether the database holds what a single undisturbed run leaves behind.
    #[track_caller]
    pub fn check(&self, way: Way, schemas: &Schemas, what: &str) {
        self.check_rows(way, what);
        let wanted = match way {
            Way::Up => &schemas.up,
            Way::Down => &schemas.down,
        };
        let found = self.project.dump();
        assert!(found == *wanted, "{}, {what}: the schema is not that of an undisturbed run\n{}", self.engine(), difference(wanted, &found));
    }

    /// The same without the schema.
    #[track_caller]
    pub fn check_rows(&self, way: Way, what: &str) {
        let rows = self.plan.rows;
        let (times, history) = match way {
            Way::Up => (1, "history|applied\n"),
            Way::Down => (0, ""),
        };
        let wanted = format!("changed|{times}|{rows}\ntransactions|{times}|{times}\nnoted|0|0\n{history}faults|0\n");
        let found = self.project.query(&format!(
            "SELECT 'changed', n - id, count(*) FROM t GROUP BY n - id ORDER BY n - id; SELECT 'transactions', begun, ended FROM tally; \
             SELECT 'noted', (SELECT count(*) FROM dbtool_steps), (SELECT count(*) FROM dbtool_backfills); \
             SELECT 'history', state FROM dbtool_migrations; SELECT 'faults', {};",
            match self.engine() {
                Engine::Sqlite => "(SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok')",
                Engine::Postgres => "(SELECT count(*) FROM pg_catalog.pg_index WHERE NOT indisvalid)",
                Engine::Mariadb => "0",
            }
        ));
        assert!(found == wanted, "{}, {what}: {way:?} has not taken effect just once\n{}", self.engine(), difference(&wanted, &found));
    }

    /// How many batches the run that is under way has noted; none where no backfill is noted or the file is locked.
    pub fn batches(&self) -> Option<u64> {
        self.project.database().run("SELECT batches FROM dbtool_backfills;").stdout.trim().parse().ok()
    }

    /// The server's session that holds the lock of a run, by the server's own account; none where nobody does.
    pub fn session(&self) -> Option<String> {
        let sql = match self.engine() {
            Engine::Sqlite => return None,
            Engine::Postgres => {
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database());"
            }
            Engine::Mariadb => &format!("SELECT {MARIADB_HOLDER};"),
        };
        let session = self.project.query(sql).trim().to_owned();
        (!session.is_empty()).then_some(session)
    }

    /// Takes dbtool's own tables away, as if the work had never been begun. The database has to be at base.
    pub fn forget(&self) {
        self.project.sql("DROP TABLE dbtool_migrations; DROP TABLE dbtool_steps; DROP TABLE dbtool_backfills;");
    }
}

/// The files of the revision.
fn scripts(engine: Engine, plan: Plan) -> (String, String) {
    let (alone, not_alone) = match engine {
        Engine::Sqlite => ("VACUUM;", "VACUUM;"),
        Engine::Postgres => ("CREATE INDEX CONCURRENTLY t_n ON t (n);", "DROP INDEX CONCURRENTLY t_n;"),
        Engine::Mariadb => ("CREATE INDEX t_n ON t (n);", "DROP INDEX t_n ON t;"),
    };
    // Every row is copied, which takes its time too.
    let copied = if plan.slow.is_some() { ", ALGORITHM = COPY" } else { "" };
    let slow = plan.slow.map_or_else(String::new, |seconds| match engine {
        Engine::Sqlite => "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 500000) SELECT count(*) FROM c;\n".to_owned(),
        Engine::Postgres => format!("SELECT pg_sleep({seconds});\n"),
        Engine::Mariadb => format!("SELECT sleep({seconds});\n"),
    });
    // On MariaDB a change of the schema stands alone, before what is a transaction.
    let transaction = |schema: &str, rows: &str| match engine {
        Engine::Sqlite | Engine::Postgres => format!("BEGIN;\n{slow}{schema};\n{rows}\nCOMMIT;"),
        Engine::Mariadb => format!("{schema};\n\nBEGIN;\n{slow}{rows}\nCOMMIT;"),
    };
    let alter = |change: &str| if engine == Engine::Mariadb { format!("ALTER TABLE t {change}{copied}") } else { format!("ALTER TABLE t {change}") };
    let backfill = |sign: char| format!("-- dbtool: backfill table=t\nUPDATE t SET n = n {sign} 1 WHERE 1 = 1 /* dbtool:range t */;");
    let begin = (
        transaction(&alter("ADD COLUMN extra integer"), "UPDATE tally SET begun = begun + 1;"),
        transaction(&alter("DROP COLUMN extra"), "UPDATE tally SET begun = begun - 1;"),
    );
    let end = (
        transaction("CREATE TABLE made (id integer PRIMARY KEY, t_id integer REFERENCES t (id))", "UPDATE tally SET ended = ended + 1;"),
        transaction("DROP TABLE made", "UPDATE tally SET ended = ended - 1;"),
    );
    let (alone, backfill) = ((alone.to_owned(), not_alone.to_owned()), (backfill('+'), backfill('-')));
    let parts = match plan.shape {
        Shape::Between => [begin, backfill, alone, end],
        Shape::Edges => [alone, begin, end, backfill],
    };
    let (up, mut down): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
    down.reverse();
    let script = |parts: &[String]| format!("-- dbtool: revision 20990101000001\n-- Once\n\n{}\n", parts.join("\n\n"));
    (script(&up), script(&down))
}
