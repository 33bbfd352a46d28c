//! Named places at which a test lets the program die. A release build has none.

/// Kills this process, as `kill -9` does, where `DBTOOL_FAILPOINT` is `name`, or `name:N` at the N-th time that it comes by.
#[cfg(all(unix, debug_assertions))]
pub(super) fn failpoint(name: &str) {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    thread_local! {
        static PASSED: RefCell<BTreeMap<String, u64>> = const { RefCell::new(BTreeMap::new()) };
    }
    let Ok(wanted) = std::env::var("DBTOOL_FAILPOINT") else { return };
    let (point, time) = wanted.split_once(':').map_or((wanted.as_str(), 1), |(point, time)| (point, time.parse().unwrap_or(1)));
    if point != name {
        return;
    }
    let passed = PASSED.with_borrow_mut(|passed| {
        let count = passed.entry(name.to_owned()).or_default();
        *count += 1;
        *count
    });
    if passed == time {
        // No destructor runs and no signal handler sees it; the standard library has no other way to send oneself a signal.
        let _ = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
        loop {
            std::thread::park();
        }
    }
}

#[cfg(not(all(unix, debug_assertions)))]
pub(super) fn failpoint(_: &str) {}
