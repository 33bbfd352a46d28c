//! One batch: the rows of a range and the cursor behind it, in one transaction.

use std::time::{Duration, Instant};

use super::{Fault, Run, literals, number};
use crate::dialect::{BatchKey, Kind};
use crate::run::Event;
use crate::run::failpoint::failpoint;
use crate::run::failure::{Class, class, server_words};
use crate::run::halt::{Cause, Halt};
use crate::run::retry::Backoff;
use crate::run::steps::Progress;

impl Run<'_> {
    /// One batch, tried until it gets through; true where it was the last of the pass.
    pub(super) async fn batch_with_patience(&mut self) -> Result<bool, Halt> {
        let mut backoff = Backoff::default();
        loop {
            let started = Instant::now();
            let error = match self.batch().await {
                Ok(is_last) => return Ok(is_last),
                Err(error) => error,
            };
            let Fault { error, halt } = error;
            if class(&error) == Class::Lost {
                return Err(halt);
            }
            let _ = self.work.session.run("ROLLBACK").await;
            let timed_out = class(&error) == Class::Canceled && started.elapsed() >= self.patience();
            if timed_out && self.size.get() == 1 {
                let hint =
                    "\n  hint: even a batch of one key takes too long: is there an index that begins with the key, and are its values different?";
                return Err(Halt { message: format!("{}{hint}", halt.message), ..halt });
            }
            let reason = match class(&error) {
                Class::Canceled if timed_out && self.size.halve() => {
                    format!("a batch took longer than {} and is cut down to {} rows", humantime::format_duration(self.patience()), self.size.get())
                }
                Class::Busy => server_words(&error),
                Class::Canceled | Class::Refused | Class::Lost => return Err(halt),
            };
            let Some(wait) = backoff.next() else { return Err(halt) };
            self.show(Some(&reason), false);
            if self.work.session.kind() != Kind::Sqlite {
                // In SQLite who is in the way of a batch is in the way of this too. A note that cannot be written is not missed for long.
                let note = self.work.steps.note_backfill_sql(self.work.of, self.work.step, reason.lines().next().unwrap_or_default());
                let _ = self.work.session.run(&note).await;
            }
            (self.work.tell)(Event::Retrying { reason: &reason, wait });
            self.work.stop.sleep(wait).await;
            self.halt_if_asked()?;
        }
    }

    /// How long a batch may take before it is given up and cut down.
    fn patience(&self) -> Duration {
        (self.target * 10).max(Duration::from_secs(5))
    }

    async fn batch(&mut self) -> Result<bool, Fault> {
        let started = Instant::now();
        self.send(&self.begin_batch()).await?;
        self.refuse_new_epoch().await?;
        let (upto, width, is_last) = self.boundary().await?;
        if self.progress.position.as_ref() == Some(&upto) {
            return Err(self.plain_fault("a batch would not come any further: two rows have the same key as far as its text tells".to_owned()));
        }
        let sql = self.cut.within(&self.key, self.progress.position.as_deref(), &upto);
        failpoint("in-batch");
        let changed = match self.work.session.run(&sql).await {
            Ok(changed) => changed,
            Err(error) => return Err(self.fault(error, "")),
        };
        failpoint("after-batch-statement");
        let mut next = self.progress.clone();
        next.position = Some(upto);
        next.batches += 1;
        next.rows_changed += changed;
        next.rows_seen = self.seen(width, is_last, changed);
        next.batch_rows = self.size.get();
        self.last = started.elapsed();
        next.busy += self.last + self.pause.after(self.last);
        next.note = None;
        let moved = self.work.steps.move_backfill_sql(self.work.of, self.work.step, &self.progress, &next);
        if self.send(&moved).await? != 1 {
            let message = format!("the place of step \"{}\" was moved by somebody else, so this run gives up what it has just done", self.work.step);
            return Err(self.plain_fault(message));
        }
        failpoint("before-batch-commit");
        if let Err(error) = self.work.session.run("COMMIT").await {
            return Err(self.fault(error, "at COMMIT: "));
        }
        failpoint("after-batch-commit");
        self.size.took(width, started.elapsed());
        self.progress = next;
        self.work.stop.note();
        Ok(is_last)
    }

    /// Rows whose keys may have changed are not looked for by their old ones.
    async fn refuse_new_epoch(&mut self) -> Result<(), Fault> {
        let Some(epoch) = self.epoch else { return Ok(()) };
        let now = self.work.session.count("PRAGMA schema_version").await.map_err(|error| self.fault(error, ""))?;
        if now == epoch {
            return Ok(());
        }
        Err(self.plain_fault(format!(
            "{} has no key of its own, and its rowids may have changed since this backfill began (VACUUM?): give the table an INTEGER PRIMARY KEY first, \
             or, where the statement leaves alone what it has done, begin it anew with {}",
            self.progress.table,
            self.work.retry_command()
        )))
    }

    fn plain_fault(&self, message: String) -> Fault {
        Fault { error: sqlx::Error::RowNotFound, halt: Halt { message, cause: Cause::Refused } }
    }

    /// A batch is given up where it takes far too long, so that it can be cut down.
    fn begin_batch(&self) -> String {
        match self.work.session.kind() {
            Kind::Sqlite => "BEGIN IMMEDIATE".to_owned(),
            // Only a SELECT can be given a limit: https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time
            Kind::Mysql => "BEGIN".to_owned(),
            Kind::Postgres => format!("BEGIN; SET LOCAL statement_timeout = {}", self.patience().as_millis()),
        }
    }

    /// Where the next batch ends, how wide it is, and whether it is the last of the pass.
    async fn boundary(&mut self) -> Result<(Vec<String>, u64, bool), Fault> {
        let upper = self.progress.upper.clone().unwrap_or_default();
        let size = self.size.get();
        let Some(columns) = self.key.columns() else {
            let block = |keys: Option<&Vec<String>>| keys.and_then(|keys| keys.first()).and_then(|text| text.parse().ok()).unwrap_or(0_u64);
            let (from, end) = (block(self.progress.position.as_ref()), block(Some(&upper)));
            let upto = end.min(from + size);
            return Ok((vec![upto.to_string()], upto - from, upto == end));
        };
        if let Some((first, density)) = self.dense
            && let Some(last) = upper.first().and_then(|key| number(key))
        {
            let position = match &self.progress.position {
                Some(keys) => keys.first().and_then(|key| number(key)).unwrap_or(last),
                None => first.saturating_sub(1),
            };
            let upto = position.saturating_add((size as f64 / density) as i64).max(position.saturating_add(1)).min(last);
            return Ok((if upto == last { upper } else { vec![upto.to_string()] }, size, upto == last));
        }
        let table = &self.work.spec.table;
        let sql = format!(
            "SELECT {} FROM {table} WHERE {} ORDER BY {} LIMIT 1 OFFSET {}",
            literals(columns, self.work.session.dialect()),
            self.key.range(table, self.progress.position.as_deref(), &upper),
            columns.join(", "),
            size.saturating_sub(1)
        );
        let found = match self.work.session.rows(&sql).await {
            Ok(rows) => rows.into_iter().next().and_then(|row| row.into_iter().collect::<Option<Vec<String>>>()),
            Err(error) => return Err(self.fault(error, "")),
        };
        Ok(match found {
            Some(keys) if keys != upper => (keys, size, false),
            Some(_) | None => (upper, size, true),
        })
    }

    /// Rows seen after a batch. What the last batch of a pass holds is known only by what it changed.
    fn seen(&self, width: u64, is_last: bool, changed: u64) -> u64 {
        let Progress { rows_seen, rows_expected, upper, pass, .. } = &self.progress;
        if *pass > 1 {
            return *rows_seen;
        }
        match &self.key {
            BatchKey::Blocks => {
                let blocks = upper.as_ref().and_then(|keys| keys.first()).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1);
                if is_last { *rows_expected.max(&(rows_seen + changed)) } else { (rows_seen + rows_expected * width / blocks).min(*rows_expected) }
            }
            BatchKey::Columns(_) | BatchKey::Nested(_) if is_last => (rows_seen + changed).max((rows_seen + width).min(*rows_expected)),
            BatchKey::Columns(_) | BatchKey::Nested(_) => rows_seen + width,
        }
    }
}
