//! Backfills under way: stopped by time or by a signal, watched from elsewhere, gone on with, taken back.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::{COUNT, counted, counts};
use crate::support::{Engine, Project};

const ROWS: u32 = 20_000;

/// Slow enough to be caught in the middle.
const SLOW: [&str; 4] = ["--batch", "500", "--pause", "40ms"];

fn slowly<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().copied().chain(SLOW).collect()
}

#[test]
fn a_run_stops_when_its_time_is_over_and_the_next_one_goes_on() {
    for engine in Engine::available() {
        let project = counted(engine, ROWS);
        let output = project.expect_status(1, &slowly(&["upgrade", "--pause-after", "700ms"]));
        assert!(output.stderr.contains("The time is over") && output.stderr.contains("`dbtool upgrade` goes on from there"), "{}", output.report());
        let half = counts(&project);
        assert!(half.starts_with("0|") && half.contains("\n1|"), "{engine}: nothing or everything was done: {half}");
        project.expect_status(1, &["current", "--check-heads"]);

        let status = project.ok(&["status"]).stdout;
        for line in
            [format!("Stopped:  upgrade of {COUNT} (count)"), "step \"count\": running".into(), "of 20,000 rows".into(), "Lock:     free".into()]
        {
            assert!(status.contains(&line), "{engine}: the status does not say {line:?}:\n{status}");
        }
        project.ok(&["upgrade"]);
        assert_eq!(counts(&project), format!("1|{ROWS}"), "{engine}");

        project.expect_status(1, &slowly(&["downgrade", "--pause-after", "600ms"]));
        project.expect_status(2, &["upgrade"]);
        project.ok(&["downgrade"]);
        assert_eq!(counts(&project), format!("0|{ROWS}"), "{engine}");
    }
}

#[test]
fn the_first_interrupt_keeps_what_is_done_and_says_how_to_go_on() {
    for engine in Engine::available() {
        let project = counted(engine, ROWS);
        let child = project.command().args(slowly(&["upgrade"])).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("dbtool runs");
        wait_for_rows(&project);
        let pid = child.id().to_string();
        let killed = std::process::Command::new("kill").args(["-INT", &pid]).status().expect("kill runs");
        assert!(killed.success());
        let output = child.wait_with_output().expect("dbtool ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(130), "{engine}: {said}");
        assert!(said.contains(&format!("Interrupted in revision {COUNT}, step \"count\": ")), "{engine}: {said}");
        project.ok(&["upgrade"]);
        assert_eq!(counts(&project), format!("1|{ROWS}"), "{engine}");
    }
}

#[test]
fn a_second_terminal_sees_how_far_it_is() {
    for engine in Engine::available() {
        let project = counted(engine, ROWS);
        let mut child = project.command().args(slowly(&["upgrade"])).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("dbtool runs");
        wait_for_rows(&project);
        let status = project.ok(&["status", "--format", "json"]).stdout;
        assert!(child.wait().expect("dbtool ends").success());
        let status: serde_json::Value = serde_json::from_str(&status).expect("a document");
        let backfill = &status["backfills"][0];
        assert_eq!((&backfill["step"], &backfill["table"], &backfill["rows_expected"]), (&"count".into(), &"t".into(), &ROWS.into()), "{status:#}");
        let seen = backfill["rows_seen"].as_u64().expect("a number");
        assert!(seen > 0 && seen < u64::from(ROWS) && status["lock"].is_string(), "{engine}: {status:#}");
    }
}

#[test]
fn a_json_run_tells_its_events_line_by_line() {
    for engine in Engine::available() {
        let project = counted(engine, 3_000);
        let output = project.ok(&["upgrade", "--format", "json", "--batch", "1000"]);
        let events: Vec<serde_json::Value> = output.stderr.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        let names: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
        assert_eq!(names, ["started", "step", "backfill", "backfill", "backfill", "backfill", "finished"], "{engine}: {}", output.stderr);
        assert_eq!(events[5]["rows_changed"], 3_000);
        assert!(serde_json::from_str::<serde_json::Value>(&output.stdout).is_ok(), "{}", output.stdout);
    }
}

#[test]
fn the_pace_comes_from_the_command_line_the_file_and_the_settings_in_this_order() {
    for engine in Engine::available() {
        let project = counted(engine, 1_000);
        let batches = |project: &Project, arguments: &[&str]| {
            let output = project.ok(&[&["upgrade", "--format", "json"], arguments].concat());
            project.ok(&["downgrade"]);
            output.stderr.lines().filter(|line| line.contains("\"backfill\"")).count() - 1
        };
        let config = project.read("dbtool.toml");
        project.write("dbtool.toml", &format!("{config}\n[upgrade]\nbatch = 500\n"));
        assert_eq!(batches(&project, &[]), 2, "{engine}");
        let file = format!("migrations/{COUNT}_count.up.sql");
        project.write(&file, &project.read(&file).replace("backfill table=t", "backfill table=t batch=250"));
        assert_eq!(batches(&project, &[]), 4, "{engine}");
        assert_eq!(batches(&project, &["--batch", "100"]), 10, "{engine}");
    }
}

/// Waits until the backfill has changed some rows.
fn wait_for_rows(project: &Project) {
    let started = Instant::now();
    // SQLite's client gives up at once where a batch is just being written, which is an answer of its own.
    while matches!(project.database().run("SELECT count(*) FROM t WHERE n = 1;").stdout.as_str(), "0\n" | "") {
        assert!(started.elapsed() < Duration::from_secs(20), "the backfill does not begin");
        thread::sleep(Duration::from_millis(20));
    }
}
