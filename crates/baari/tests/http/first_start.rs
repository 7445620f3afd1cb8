//! The first start of a server where people sign in: nobody is served before somebody can sign in, with the secret that the database
//! was begun with.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::json;

use crate::support::{Database, Server, baari_on, on_both_databases};

const PASSWORD: &str = "teal monsoon ladder";
const GIVEN: &[(&str, &str)] = &[("BAARI_ADMIN", "asha"), ("BAARI_ADMIN_PASSWORD", PASSWORD)];

/// What a server says that does not start.
#[track_caller]
fn refused(database: &Database, environment: &[(&str, &str)], options: &[&str]) -> String {
    let Output { status, stdout, stderr } =
        baari_on(Some(database), environment, &[&["serve", "--listen", "127.0.0.1:0"], options].concat());
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert!(!status.success() && !said.contains("panicked"), "{said}");
    said
}

fn secret_file(database: &Database) -> PathBuf {
    database.data_dir().join("baari.secret")
}

/// Whether some bytes are anywhere in the embedded database's files.
fn holds(folder: &Path, bytes: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files = files.filter(|path| !path.ends_with("baari.secret"));
    files.any(|path| {
        std::fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes.as_bytes())
    })
}

fn without_a_password_nobody_is_served(database: &Database) {
    let said = refused(database, &[], &[]);
    for way in ["--admin-password-file", "BAARI_ADMIN_PASSWORD", "terminal"] {
        assert!(said.contains(way), "{said}");
    }
    let users = baari_on(Some(database), &[], &["user", "list"]);
    assert!(String::from_utf8_lossy(&users.stderr).contains("no facility yet"), "{users:?}");
}

fn a_weak_password_is_refused_and_not_said(database: &Database) {
    let file = database.data_dir().with_extension("password");
    std::fs::write(&file, "asha1234567890\n").unwrap();
    let file = file.to_str().unwrap();
    for (environment, options) in [
        (&[("BAARI_ADMIN_PASSWORD", "ad-min")][..], &[][..]),
        (&[("BAARI_ADMIN_PASSWORD", "qwertyuiop1234")], &[]),
        (&[], &["--admin", "asha", "--admin-password-file", file]),
    ] {
        let said = refused(database, environment, options);
        assert!(said.contains("unrelated words"), "{said}");
        for password in ["ad-min", "qwertyuiop1234", "asha1234567890"] {
            assert!(!said.contains(password), "{said}");
        }
    }
}

fn the_first_administrator_signs_in_and_the_second_start_asks_nothing(database: &Database) {
    let log = database.data_dir().with_extension("log");
    for environment in [GIVEN, &[]] {
        let mut server = Server::start_closed(database, environment, &log);
        assert_eq!(server.client.get("/api/doctor").status, 401);
        let reply = server.client.post("/api/session", &json!({"name": "asha", "password": PASSWORD}));
        let cookie = reply.header("set-cookie").unwrap_or_default().to_owned();
        assert!(cookie.starts_with("__Host-baari="), "{cookie}");
        assert_eq!(reply.expect(201)["role"], "admin");
        server.terminate();
        assert!(server.ended());
        let secret = std::fs::read_to_string(secret_file(database)).unwrap();
        let said = std::fs::read_to_string(&log).unwrap();
        for hidden in [PASSWORD, secret.trim()] {
            assert!(!said.contains(hidden) && !holds(&database.data_dir(), hidden));
        }
        assert!(!database.is_embedded() || holds(&database.data_dir(), "argon2id"));
    }
    assert_eq!(secret_file(database).metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

fn a_database_is_served_with_the_secret_that_it_was_begun_with(database: &Database) {
    let log = database.data_dir().with_extension("log");
    Server::start_closed(database, GIVEN, &log).kill();
    let (own, other) = (secret_file(database), database.data_dir().join("other.secret"));
    std::fs::write(&other, "A".repeat(43)).unwrap();
    std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o640)).unwrap();
    let option = ["--secret-file", other.to_str().unwrap()];
    let said = refused(database, &[], &option);
    assert!(said.contains("begun with another secret: give its file with --secret-file"), "{said}");
    assert!(said.contains("chmod 600"), "{said}");
    std::fs::rename(&own, &other).unwrap();
    let said = refused(database, &[], &[]);
    assert!(said.contains("baari.secret") && said.contains("--secret-file"), "{said}");
    assert!(!own.exists(), "no other secret is made");
    let environment = [("BAARI_SECRET_FILE", other.to_str().unwrap())];
    Server::start_closed(database, &environment, &log).kill();
}

on_both_databases!(
    without_a_password_nobody_is_served,
    a_weak_password_is_refused_and_not_said,
    the_first_administrator_signs_in_and_the_second_start_asks_nothing,
    a_database_is_served_with_the_secret_that_it_was_begun_with,
);
