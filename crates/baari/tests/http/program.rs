//! The program as its user meets it: options, errors, help.

use crate::support::{Database, Hospital, Server, baari};

#[test]
fn wrong_options_are_answered_with_what_to_do() {
    for (arguments, expected) in [
        (&["serve", "--now", "2026-02-02T03:30:00Z"][..], "--open"),
        (&["serve", "--open", "--listen", "0.0.0.0:8080"], "loopback"),
        (&["serve", "--open", "--listen", "nowhere"], "--listen"),
        (&["serve", "--open", "--now", "nine"], "2026-02-02T09:00:00+05:30"),
        (&["serve", "--open", "--speed=-1"], "speed"),
        (&["serve", "--open", "--time-zone", "Mars/Olympus"], "Asia/Kolkata"),
        (&["serve", "--open", "--database", "mysql://localhost/x"], "postgres"),
        (&["serve", "--open", "--database", "postgres://127.0.0.1:1/x"], "can't"),
        (&["serve", "--open", "--data-dir", "/proc/baari"], "data directory"),
        (&["fly"], "fly"),
    ] {
        let output = baari(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[test]
fn help_and_version_say_what_there_is() {
    let help = String::from_utf8(baari(&["--help"]).stdout).unwrap();
    for command in ["serve", "simulate", "bench"] {
        assert!(help.contains(command), "{help}");
    }
    assert!(String::from_utf8(baari(&["--version"]).stdout).unwrap().contains(env!("CARGO_PKG_VERSION")));
    let help = String::from_utf8(baari(&["serve", "--help"]).stdout).unwrap();
    assert!(help.contains("BAARI_DATABASE") && help.contains("--speed"), "{help}");
}

#[test]
fn a_second_server_keeps_out_of_a_data_directory_in_use() {
    let database = Database::sqlite();
    let _first = Server::start(&database);
    let folder = database.data_dir().display().to_string();
    let output = baari(&["serve", "--open", "--listen", "127.0.0.1:0", "--data-dir", &folder]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("another baari"));
}

#[test]
fn the_documentation_needs_no_internet() {
    let database = Database::sqlite();
    let server = Server::start(&database);
    let page = server.client.get("/docs/").text;
    let scripts = page.split(['"', '\'']).filter(|part| part.ends_with(".js") || part.ends_with(".css"));
    let scripts: Vec<&str> = scripts.collect();
    assert!(scripts.len() >= 3, "{page}");
    for script in scripts {
        assert!(!script.contains("//"), "{script} comes from elsewhere");
        let path = format!("/docs/{}", script.trim_start_matches("./"));
        assert_eq!(server.client.get(&path).status, 200, "{path}");
    }
    let document = server.client.get("/openapi.json").expect(200);
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    assert!(document["paths"]["/api/token/book"]["post"].is_object());
}

#[test]
fn health_metrics_and_logs_name_no_patient() {
    let database = Database::sqlite();
    let log = database.data_dir().with_extension("log");
    let server = Server::start_logging(&database, &log);
    let hospital = Hospital::open(&server, 10, 12);
    hospital.book("walk_in").expect(201);
    hospital.client.get("/api/patient?q=Meena").expect(200);
    assert_eq!(server.client.get("/health/live").text, "ok\n");
    assert_eq!(server.client.get("/health/ready").text, "ok\n");
    let metrics = server.client.get("/metrics").text;
    assert!(metrics.contains("baari_requests_total") && metrics.contains("/api/token/book"), "{metrics}");
    let lines = std::fs::read_to_string(&log).unwrap();
    assert!(lines.lines().any(|line| line.contains("\"route\":\"/api/token/book\"")), "{lines}");
    for said in [&metrics, &lines] {
        for private in ["Meena", "98200", "9820012345", "q="] {
            assert!(!said.contains(private), "{private} is said in {said}");
        }
    }
}
