//! PgBouncer in transaction mode before the cluster, as hosted PostgreSQL has it: a connection is ours for
//! one transaction only, so prepared statements, `LISTEN` and session settings do not survive.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::account::{Account, run_quietly};
use crate::cluster::{Cluster, USER, log_end};
use crate::network::{free_port, wait_for_listener};
use crate::packages::Programs;

/// Relative to the folder that the keeper watches.
pub(crate) const PROCESS_ID_FILE: &str = "pgbouncer.pid";

const START_PATIENCE: Duration = Duration::from_secs(10);

/// Starts PgBouncer for every database of the cluster; gives the port it listens on.
///
/// # Errors
/// When it does not come up; the message holds the end of its log.
pub(crate) fn start(programs: &Programs, account: &Account, home: &Path, cluster: &Cluster) -> Result<u16> {
    let port = free_port()?;
    // The password stands there in plain: with it PgBouncer can log in at the server by SCRAM too.
    let users = format!("\"{USER}\" \"{}\"\n", cluster.password);
    account.write_private(&home.join("pgbouncer-users.txt"), &users)?;
    account.write_private(&home.join("pgbouncer.ini"), &settings(home, port, cluster.port))?;
    run_quietly(account.command(&programs.pgbouncer, home).args(["--quiet", "--daemon", "pgbouncer.ini"]))
        .and_then(|()| wait_for_listener(port, START_PATIENCE))
        .with_context(|| format!("PgBouncer's log ends:\n{}", log_end(&home.join("pgbouncer.log"))))?;
    Ok(port)
}

fn settings(home: &Path, port: u16, cluster_port: u16) -> String {
    let home = home.display();
    format!(
        "\
[databases]
* = host=127.0.0.1 port={cluster_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
pidfile = {home}/{PROCESS_ID_FILE}
logfile = {home}/pgbouncer.log
auth_type = scram-sha-256
auth_file = {home}/pgbouncer-users.txt
admin_users = {USER}
pool_mode = transaction
default_pool_size = 20
max_client_conn = 1000
; Drivers send these when they connect; without the line PgBouncer would refuse them.
ignore_startup_parameters = extra_float_digits,search_path,options
; Soon, so that a test can drop its database.
server_idle_timeout = 5
"
    )
}
