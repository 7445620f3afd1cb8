//! ChromeDriver: one for all tests of this program, and what WebDriver is: some JSON over HTTP.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

/// Tests at the same time. Browsers need the processor and the memory that the server under test needs too.
const TESTS_MAX: usize = 2;
/// How long a command may take on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ends the driver when we end, by whatever way: the kernel closes our end of the pipe. Browsers end with the driver, which they
/// talk with through pipes too.
const KEEP: &str = r#""$@" >/dev/null 2>&1 & read -r _; kill "$!"; wait"#;

/// A running ChromeDriver, and a place to run a test in.
pub(crate) struct Driver {
    keeper: Child,
    address: String,
    agent: Agent,
    folder: TempDir,
}

static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
static PLACES: (Mutex<usize>, Condvar) = (Mutex::new(TESTS_MAX), Condvar::new());

/// One of the few places for tests; free again when this goes.
pub(crate) struct Place;

impl Place {
    pub(crate) fn take() -> Self {
        let free = PLACES.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = PLACES.1.wait_while(free, |free| *free == 0);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *PLACES.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        PLACES.1.notify_one();
    }
}

impl Driver {
    /// The one that runs, or a new one.
    pub(crate) fn running() -> Arc<Self> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = running.upgrade() {
            return driver;
        }
        let driver = Arc::new(Self::start());
        *running = Arc::downgrade(&driver);
        driver
    }

    fn start() -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let keeper = Command::new("sh")
            .args(["-c", KEEP, "browsers"])
            .arg(environment("BAARI_TEST_CHROMEDRIVER"))
            .args([format!("--port={port}"), "--silent".to_owned()])
            .stdin(Stdio::piped())
            // Out of our process group, so that a ctrl-C in the terminal does not reach it before the pipe is closed.
            .process_group(0)
            .spawn()
            .unwrap();
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
        let address = format!("http://127.0.0.1:{port}");
        let driver = Self { keeper, address, agent: config.into(), folder: TempDir::new().unwrap() };
        let deadline = Instant::now() + PATIENCE;
        while driver.agent.get(format!("{}/status", driver.address)).call().is_err() {
            assert!(Instant::now() < deadline, "ChromeDriver does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        driver
    }

    /// A new browser with a profile of its own: its session's address.
    pub(crate) fn session(&self) -> String {
        let profile =
            tempfile::Builder::new().prefix("profile-").tempdir_in(self.folder.path()).unwrap().keep();
        let flags = [
            "--headless=new",
            // Chromium's sandbox needs what root in a container has not.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-crash-reporter",
            "--remote-debugging-pipe",
            "--autoplay-policy=no-user-gesture-required",
        ];
        let mut flags: Vec<String> = flags.map(str::to_owned).into();
        flags.push(format!("--user-data-dir={}", profile.display()));
        let options = json!({ "binary": environment("BAARI_TEST_CHROMIUM"), "args": flags });
        let asked = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let session = self.send("/session", Some(&asked)).unwrap_or_else(|said| panic!("no browser: {said}"));
        format!("/session/{}", session["sessionId"].as_str().unwrap())
    }

    /// A command: with a body by POST, else by GET.
    pub(crate) fn send(&self, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let address = format!("{}{path}", self.address);
        let answer = match body {
            Some(body) => {
                self.agent.post(address).header("Content-Type", "application/json").send(body.to_string())
            }
            None => self.agent.get(address).call(),
        };
        read(answer)
    }

    pub(crate) fn delete(&self, path: &str) -> Result<Value, String> {
        read(self.agent.delete(format!("{}{path}", self.address)).call())
    }
}

/// The value, or what is against it.
fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, String> {
    let mut answer = answer.map_err(|error| error.to_string())?;
    // A picture of a long page has more than the 10 MiB that are read if nothing is said.
    let text =
        answer.body_mut().with_config().limit(1 << 27).read_to_string().map_err(|error| error.to_string())?;
    let mut json: Value = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
    let value = json["value"].take();
    match value["error"].as_str() {
        Some(kind) if !answer.status().is_success() => Err(format!("{kind}: {}", value["message"])),
        _ => Ok(value),
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(mut pipe) = self.keeper.stdin.take() {
            let _ = pipe.write_all(b"\n");
        }
        let _ = self.keeper.wait();
    }
}

/// What `cargo xtask` says of where the browser is.
#[expect(clippy::disallowed_methods, reason = "tests are told by `cargo xtask test` where the browser is")]
pub(crate) fn environment(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run the tests with `cargo xtask test`"))
}
