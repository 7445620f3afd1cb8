//! Cleans up after us, however we end.
//!
//! A `Drop` guard does not run on ctrl-C or `kill -9`. So the cleaning is done by a small shell beside us
//! that waits for its standard input to close: the kernel closes it whenever we go, by whatever way. The
//! normal end takes the same road, and waits for the shell.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::{bouncer, cluster, fuzz};

/// A server is stopped by the process id in the first line of its file, forcibly after 10 seconds. Its name
/// is compared too: if it died by itself, the number may be somebody else's by now. (A zombie counts as gone;
/// in a container nobody may ever collect it.) The loop is for a program such as `initdb` that is still
/// making files while we remove them.
const CLEAN: &str = r#"
trap '' INT TERM HUP
home=$1
runs() { # process id, name
    grep -q "^Name:[[:space:]]*$2\$" "/proc/$1/status" &&
        grep -q '^State:[[:space:]]*[^XZ[:space:]]' "/proc/$1/status"
}
stop() { # signal, name, process id file
    pid=$(head -n 1 "$3") && runs "$pid" "$2" && kill "-$1" "$pid" || return 0
    for _ in $(seq 200); do
        runs "$pid" "$2" || return 0
        sleep 0.05
    done
    kill -KILL "$pid"
}
while read -r _; do :; done
for _ in $(seq 100); do
    stop TERM pgbouncer "$home/$2"
    stop QUIT postgres "$home/$3"
    stop TERM baari "$home/$4"
    rm -rf -- "$home" && exit 0
    sleep 0.1
done 2>/dev/null
echo "xtask: could not remove $home" >&2
exit 1
"#;

/// Holds the folder with the servers; when it goes, they go.
pub(crate) struct Keeper {
    shell: Child,
}

impl Keeper {
    /// Starts to watch over the folder `home`, which need not hold a server yet.
    ///
    /// # Errors
    /// When `sh` can't be started.
    pub(crate) fn watch(home: &Path) -> Result<Self> {
        let shell = Command::new("sh")
            .args(["-c", CLEAN, "xtask-keeper"])
            .arg(home)
            .args([bouncer::PROCESS_ID_FILE, cluster::PROCESS_ID_FILE, fuzz::PROCESS_ID_FILE])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // Out of our process group, so that a ctrl-C in the terminal does not reach it.
            .process_group(0)
            .current_dir("/")
            .spawn()
            .context("starting the cleaning shell")?;
        Ok(Self { shell })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        match self.shell.wait() {
            Ok(status) if status.success() => {}
            outcome => eprintln!("xtask: cleaning up failed: {outcome:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_goes_with_the_keeper() {
        let home = tempfile::tempdir().unwrap().keep();
        std::fs::write(home.join("something"), "left behind").unwrap();
        let keeper = Keeper::watch(&home).unwrap();
        assert!(home.is_dir());
        drop(keeper);
        assert!(!home.exists());
    }
}
