//! The databases that are measured: made for the purpose, filled with the same hospital, and removed again.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use baari_store::Store;
use baari_store_postgres::PostgresStore;
use baari_store_postgres::bare::{BareFunction, Scratch};
use baari_store_sqlite::SqliteStore;
use baari_store_sqlite::bare::BareLoop;

use super::hospital;
use super::pgbench::Pgbench;
use super::report::Bare;
use super::{Measuring, WARM_UP_SECONDS};

/// Rows that a booking writes: doctor-day, slot, token, event.
const ROWS_PER_BOOKING: f64 = 4.0;

/// A database with the hospital in it, an equal one for the bare measurement, and equal ones for servers that are compared.
pub(super) enum Site {
    /// A file in a folder.
    Sqlite { folder: PathBuf, bare: PathBuf, twins: Vec<Twin> },
    /// Databases on a server.
    Postgres { folder: PathBuf, main: Scratch, bare: Option<Scratch>, twins: Vec<Twin> },
}

/// A database of its own for one of the servers that are compared, with a folder of its own.
pub(super) struct Twin {
    pub(super) folder: PathBuf,
    database: Option<Scratch>,
}

impl Twin {
    fn folder(parent: &Path, n: usize) -> Result<PathBuf> {
        let folder = parent.join(format!("twin-{n}"));
        std::fs::create_dir_all(&folder).context("making a folder for a copy of the database")?;
        Ok(folder)
    }

    /// Where the server finds its database, if it is not in the folder.
    pub(super) fn url(&self) -> Option<String> {
        self.database.as_ref().map(Scratch::url)
    }
}

impl Site {
    /// The embedded database, in this folder, and so many twins.
    pub(super) async fn sqlite(folder: &Path, measuring: Measuring, twins: usize) -> Result<Self> {
        let (main, bare) = (folder.join("baari.db"), folder.join("bare.db"));
        let store = SqliteStore::open(&main)?;
        write(&store, measuring).await?;
        // The last connection that closes writes the log back: the file alone is the database.
        drop(store);
        std::fs::copy(&main, &bare).context("copying the database")?;
        let twin = |n| {
            let folder = Twin::folder(folder, n)?;
            std::fs::copy(&main, folder.join("baari.db")).context("copying the database")?;
            Ok(Twin { folder, database: None })
        };
        let twins = (0..twins).map(twin).collect::<Result<_>>()?;
        Ok(Self::Sqlite { folder: folder.to_owned(), bare, twins })
    }

    /// Databases on this server; [`Site::remove`] removes them. This folder is for what the server needs beside them.
    pub(super) async fn postgres(url: &str, folder: &Path) -> Result<Self> {
        let main = Scratch::create(url).await.context("making a database to measure in")?;
        Ok(Self::Postgres { folder: folder.to_owned(), main, bare: None, twins: Vec::new() })
    }

    /// Writes the hospital into the databases on a server, and makes so many twins.
    pub(super) async fn fill(&mut self, measuring: Measuring, wanted: usize) -> Result<()> {
        let Self::Postgres { folder, main, bare, twins } = self else { return Ok(()) };
        let store = PostgresStore::connect(&main.url()).await?;
        write(&store, measuring).await?;
        drop(store);
        main.analyze().await?;
        *bare = Some(main.copy("copy").await.context("copying the database")?);
        for n in 0..wanted {
            // The folder of its own is for the server's secret; the embedded database's twins are in others.
            let folder = Twin::folder(&folder.join("postgres"), n)?;
            let database = main.copy(&format!("twin_{n}")).await.context("copying the database")?;
            twins.push(Twin { folder, database: Some(database) });
        }
        Ok(())
    }

    /// Removes what does not go with the folder.
    pub(super) async fn remove(self) -> Result<()> {
        let Self::Postgres { main, bare, twins, .. } = self else { return Ok(()) };
        let twins = twins.into_iter().filter_map(|twin| twin.database);
        for database in bare.into_iter().chain(twins).chain([main]) {
            let name = database.name().to_owned();
            database.remove().await.with_context(|| format!("the database {name} is left behind"))?;
        }
        Ok(())
    }

    /// In a word.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Databases for servers that are compared.
    pub(super) fn twins(&self) -> &[Twin] {
        match self {
            Self::Sqlite { twins, .. } | Self::Postgres { twins, .. } => twins,
        }
    }

    /// The server's data folder.
    pub(super) fn folder(&self) -> &Path {
        match self {
            Self::Sqlite { folder, .. } | Self::Postgres { folder, .. } => folder,
        }
    }

    /// Where the server finds its database, if it is not in the folder.
    pub(super) fn url(&self) -> Option<String> {
        match self {
            Self::Sqlite { .. } => None,
            Self::Postgres { main, .. } => Some(main.url()),
        }
    }

    /// The same bookings, made by the database alone. The embedded one gets groups of the size that the server had; nobody
    /// groups for `pgbench`.
    pub(super) async fn bare(
        &self,
        measuring: Measuring,
        group_mean: Option<f64>,
        reasons: String,
    ) -> Result<Bare> {
        match self {
            Self::Sqlite { bare, .. } => {
                let group =
                    group_mean.context("the size of the groups is not known")?.round().max(1.0) as u64;
                let per_second = bare_loop(bare.clone(), measuring, group, reasons).await?;
                Ok(of_rate("a loop in one thread, one transaction a group", group, per_second))
            }
            Self::Postgres { folder, bare, .. } => {
                let database = bare.as_ref().context("there is no second database")?;
                let (doctors, patients) = hospital::prefixes();
                let function = BareFunction {
                    facility: hospital::facility(),
                    date: hospital::DATE,
                    doctor_prefix: &doctors,
                    doctors: hospital::DOCTORS,
                    patient_prefix: &patients,
                    patients: measuring.hospital.patients,
                    reasons: &reasons,
                };
                function.install(database).await?;
                let pgbench = Pgbench { database, folder, connections: measuring.connections };
                pgbench.run(WARM_UP_SECONDS).await.context("pgbench, to warm up")?;
                let per_second = pgbench.run(measuring.seconds).await?;
                Ok(of_rate("pgbench, one call of a booking function a transaction", 1, per_second))
            }
        }
    }
}

async fn write(store: &dyn Store, measuring: Measuring) -> Result<()> {
    measuring.hospital.write(store).await?;
    measuring.people.write(store, measuring.begun).await
}

fn of_rate(how: &'static str, group: u64, per_second: f64) -> Bare {
    Bare { how, group, per_second, rows_per_second: per_second * ROWS_PER_BOOKING }
}

async fn bare_loop(path: PathBuf, measuring: Measuring, group: u64, reasons: String) -> Result<f64> {
    let hospital = measuring.hospital;
    let work = move || {
        let bare = BareLoop {
            facility: hospital::facility(),
            date: hospital::DATE,
            doctors: (0..hospital::DOCTORS).map(|n| (hospital::doctor_id(n), hospital::slot_id(n))).collect(),
            patients: (0..hospital.patients).map(hospital::patient_id).collect(),
            reasons: &reasons,
            group,
        };
        bare.run(&path, measuring.warm_up(), measuring.time())
    };
    Ok(tokio::task::spawn_blocking(work).await??)
}
