//! The git program, asked in the folder of the revisions. Nothing is written.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a hook is told of its repository in. With these git forgets the folder that it is asked in: <https://git-scm.com/docs/githooks>.
const LOCAL: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

pub struct Git<'a> {
    pub folder: &'a Path,
}

impl Git<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for variable in LOCAL {
            command.env_remove(variable);
        }
        command.arg("-C").arg(self.folder).args(arguments);
        command
    }

    /// What it prints.
    pub fn text(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command(arguments).output().map_err(|error| format!("the program git cannot be run: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        String::from_utf8(output.stdout).map_err(|_| "git shows a file that is not UTF-8".to_owned())
    }

    /// Git's names for what these files of the folder hold now. Fewer where one cannot be read.
    pub fn blobs(&self, names: &[String]) -> Vec<String> {
        let mut command = self.command(&["hash-object", "--stdin-paths"]);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut child) = child else { return Vec::new() };
        let mut stdin = child.stdin.take();
        let list = names.join("\n") + "\n";
        // Git answers while it still reads: who only writes would wait for ever.
        let writer = std::thread::spawn(move || stdin.take().map(|mut stdin| stdin.write_all(list.as_bytes())));
        let output = child.wait_with_output();
        let _ = writer.join();
        output.map(|output| String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()).unwrap_or_default()
    }
}

/// Where the current folder is in its git repository, with a `/` at the end; empty at its root and outside of one.
pub fn git_prefix() -> String {
    let prefix = Git { folder: Path::new(".") }.text(&["rev-parse", "--show-prefix"]);
    prefix.map(|prefix| prefix.trim_end_matches(['\n', '\r']).to_owned()).unwrap_or_default()
}
