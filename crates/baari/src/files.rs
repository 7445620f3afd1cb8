//! How many files and connections this process may have open.

use anyhow::Context;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit as far as the system lets everybody; what it is then.
pub(crate) fn raised() -> anyhow::Result<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
            .context("raising the limit of open files")?;
    }
    Ok(maximum.unwrap_or(u64::MAX))
}
