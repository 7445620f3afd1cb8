//! The folder of a demonstration that keeps nothing: it goes with the demonstration, and if that was killed, with the next one.

use std::fs::{self, File};
use std::path::Path;

use anyhow::Context;
use tempfile::TempDir;

const PREFIX: &str = "baari-demo-";
/// Whoever lives in the folder holds this file; the system lets go of it however they end.
const HELD: &str = "held";

/// A folder, for as long as this is there.
pub(super) struct Folder {
    folder: TempDir,
    _held: File,
}

impl Folder {
    /// A new one in this place, where those are taken away that nobody lives in any more.
    pub(super) fn make(place: &Path) -> anyhow::Result<Self> {
        take_away(place);
        let make = || {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?;
            // It has its name only when it is held.
            let new = folder.path().join("new");
            let held = File::create_new(&new)?;
            held.lock()?;
            fs::rename(new, folder.path().join(HELD))?;
            Ok::<_, std::io::Error>(Self { folder, _held: held })
        };
        make().with_context(|| format!("can't make a folder for the demonstration in {}", place.display()))
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// What can't be looked at or taken away is somebody else's, or there the next time.
fn take_away(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let nobodys = File::open(entry.path().join(HELD)).is_ok_and(|held| held.try_lock().is_ok());
        if nobodys {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_demonstration_has_left_goes_with_the_next_one() {
        let place = tempfile::tempdir().unwrap();
        let count = || fs::read_dir(place.path()).unwrap().count();
        let killed = Folder::make(place.path()).unwrap();
        fs::write(killed.path().join("baari.db"), "rows").unwrap();
        let Folder { mut folder, _held } = killed;
        folder.disable_cleanup(true);
        drop((folder, _held));
        for other in ["baari-demo-being-made", "somebody-elses"] {
            fs::create_dir(place.path().join(other)).unwrap();
        }
        let living = Folder::make(place.path()).unwrap();
        assert_eq!(count(), 3, "what was left is gone");
        let beside = Folder::make(place.path()).unwrap();
        assert!(living.path().is_dir() && beside.path().is_dir(), "who lives beside it stays");
        drop((living, beside));
        assert_eq!(count(), 2);
    }
}
