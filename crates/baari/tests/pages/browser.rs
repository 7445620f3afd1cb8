//! A person at a screen with a keyboard.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::driver::Driver;

/// How long something that has to come may take, on a machine that does other things too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(25);
/// Between two keys of somebody who types well. What comes faster, the pages take for a scanner.
const KEY_PAUSE: Duration = Duration::from_millis(70);

/// A receptionist's old PC.
pub(crate) const DESK: (u32, u32) = (1366, 768);
/// A screen in the corridor.
pub(crate) const TELEVISION: (u32, u32) = (1920, 1080);
/// A tablet, held upright; a kiosk.
pub(crate) const TABLET: (u32, u32) = (768, 1024);
/// A cheap phone.
pub(crate) const PHONE: (u32, u32) = (320, 640);

/// A browser of its own, with its own cookies.
pub(crate) struct Browser {
    driver: Arc<Driver>,
    session: String,
    /// The address of the server, as the browser knows it.
    base: String,
    width: AtomicU32,
}

impl Browser {
    /// At this server, with a screen of this size.
    pub(crate) fn open(address: &str, screen: (u32, u32)) -> Self {
        let driver = Driver::running();
        let session = driver.session();
        let (_, port) = address.rsplit_once(':').unwrap();
        // By this name a session's cookie is kept also where nothing is encrypted.
        let browser =
            Self { driver, session, base: format!("http://localhost:{port}"), width: AtomicU32::new(0) };
        browser.screen(screen);
        // What the browser shows at first is its own; what that asked for is not counted.
        browser.post("/url", &json!({ "url": "about:blank" }));
        browser.traffic();
        browser
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// A command of WebDriver's.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let said = self.driver.send(&format!("{}{path}", self.session), Some(body));
        said.unwrap_or_else(|said| panic!("{path} {}: {said}", short(body)))
    }

    /// A command of Chromium's.
    #[track_caller]
    pub(crate) fn chromium(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// The same, where it may fail.
    pub(crate) fn try_chromium(&self, command: &str, parameters: &Value) -> Result<Value, String> {
        let body = json!({ "cmd": command, "params": parameters });
        self.driver.send(&format!("{}/goog/cdp/execute", self.session), Some(&body))
    }

    /// A screen of this size, of a phone where it is small.
    pub(crate) fn screen(&self, (width, height): (u32, u32)) {
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.chromium("Emulation.setDeviceMetricsOverride", &screen);
        self.width.store(width, Ordering::Relaxed);
    }

    pub(crate) fn without_scripts(&self) {
        self.chromium("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// A processor so many times slower.
    pub(crate) fn slower(&self, times: u32) {
        self.chromium("Emulation.setCPUThrottlingRate", &json!({ "rate": times }));
    }

    /// A person who prefers `light` or `dark`.
    pub(crate) fn prefers(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.chromium("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// As if no file had ever been fetched.
    pub(crate) fn forgets_files(&self) {
        self.chromium("Network.clearBrowserCache", &json!({}));
        self.traffic();
    }

    /// Goes to a page, in this language from now on.
    #[track_caller]
    pub(crate) fn go_in(&self, language: &str, path: &str) {
        let mark = if path.contains('?') { '&' } else { '?' };
        self.go(&format!("{path}{mark}lang={language}"));
    }

    #[track_caller]
    pub(crate) fn go(&self, path: &str) {
        self.post("/url", &json!({ "url": format!("{}{path}", self.base) }));
    }

    /// The path and query of where it is.
    pub(crate) fn path(&self) -> String {
        let address = self.driver.send(&format!("{}/url", self.session), None).unwrap();
        address
            .as_str()
            .unwrap()
            .strip_prefix(&self.base)
            .unwrap_or_else(|| panic!("left for {address}"))
            .to_owned()
    }

    /// What a script returns; a promise is waited for.
    #[track_caller]
    pub(crate) fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Waits until a script returns something that is true.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, script: &str, arguments: &[Value]) -> Value {
        let deadline = Instant::now() + PATIENCE;
        let body = json!({ "script": script, "args": arguments });
        loop {
            // Between two pages there is none to ask.
            let said = self.driver.send(&format!("{}/execute/sync", self.session), Some(&body));
            match &said {
                Ok(Value::Null | Value::Bool(false)) | Err(_) => {}
                Ok(value) => return value.clone(),
            }
            if Instant::now() > deadline {
                let (path, text) = (self.path(), self.text("body"));
                panic!("{what} did not come on {path} (last {said:?}); it shows:\n{text}");
            }
            std::thread::sleep(POLL);
        }
    }

    /// Waits for something that no script can tell.
    #[track_caller]
    pub(crate) fn waits(&self, what: &str, is_there: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_there() {
            assert!(Instant::now() < deadline, "{what} did not come; it is at {}", self.path());
            std::thread::sleep(POLL);
        }
    }

    /// Waits until the page shows this text.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        let script = "return document.body?.innerText.includes(arguments[0])";
        self.until(&format!("{text:?}"), script, &[json!(text)]);
    }

    /// Waits until what is at this selector shows this text.
    #[track_caller]
    pub(crate) fn shows_at(&self, selector: &str, text: &str) {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .some((it) => it.checkVisibility() && it.innerText.includes(arguments[1]))";
        self.until(&format!("{text:?} at {selector}"), script, &[json!(selector), json!(text)]);
    }

    /// Waits until it is at this path.
    #[track_caller]
    pub(crate) fn is_at(&self, path: &str) {
        let script = "return document.readyState === 'complete' && location.pathname + location.search === arguments[0]";
        self.until(&format!("the page {path}"), script, &[json!(path)]);
    }

    /// What is to be read at this selector now.
    pub(crate) fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.script(script, &[json!(selector)]).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the first that is at this selector can be seen.
    #[track_caller]
    fn element(&self, selector: &str) -> String {
        let script = "const all = [...document.querySelectorAll(arguments[0])];
            return all.find((it) => it.checkVisibility({ visibilityProperty: true }))";
        let found = self.until(selector, script, &[json!(selector)]);
        found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
    }

    /// Clicks as a person does; waits for what is to be clicked.
    #[track_caller]
    pub(crate) fn click(&self, selector: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // What moves may have been replaced between being found and being clicked.
            let path = format!("{}/element/{}/click", self.session, self.element(selector));
            match self.driver.send(&path, Some(&json!({}))) {
                Ok(_) => return,
                Err(said) => assert!(Instant::now() < deadline, "{selector}: {said}"),
            }
        }
    }

    /// Types into a field, in place of what was in it.
    #[track_caller]
    pub(crate) fn fill(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/clear"), &json!({}));
        self.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Presses one key, at a person's speed: a character, or `Enter`, `Tab`, `Escape`, `Space`, `ArrowDown` …
    #[track_caller]
    pub(crate) fn press(&self, key: &str) {
        std::thread::sleep(KEY_PAUSE);
        self.strike(key);
    }

    /// The same at once.
    #[track_caller]
    pub(crate) fn strike(&self, key: &str) {
        let code = match key {
            "Tab" => "\u{e004}",
            "Enter" => "\u{e007}",
            "Escape" => "\u{e00c}",
            "Space" => " ",
            "ArrowLeft" => "\u{e012}",
            "ArrowUp" => "\u{e013}",
            "ArrowRight" => "\u{e014}",
            "ArrowDown" => "\u{e015}",
            character => character,
        };
        self.strokes(&[("keyDown", code), ("keyUp", code)]);
    }

    /// Presses a letter's key while Alt is down.
    #[track_caller]
    pub(crate) fn press_with_alt(&self, letter: &str) {
        std::thread::sleep(KEY_PAUSE);
        let alt = "\u{e00a}";
        self.strokes(&[("keyDown", alt), ("keyDown", letter), ("keyUp", letter), ("keyUp", alt)]);
    }

    #[track_caller]
    fn strokes(&self, strokes: &[(&str, &str)]) {
        let strokes: Vec<Value> =
            strokes.iter().map(|(kind, code)| json!({ "type": kind, "value": code })).collect();
        self.post(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] }),
        );
    }

    /// Types characters wherever the focus is; how many keys that were.
    #[track_caller]
    pub(crate) fn type_keys(&self, text: &str) -> usize {
        for character in text.chars() {
            self.press(&character.to_string());
        }
        text.chars().count()
    }

    /// Waits until all streams of the page are there.
    #[track_caller]
    pub(crate) fn is_live(&self) {
        let script = "const line = document.getElementById('line'); return line && !line.hidden &&
            line.textContent === line.dataset.live && !document.body.classList.contains('lost')";
        self.until("the live stream", script, &[]);
    }

    /// Nothing is wider than the screen.
    #[track_caller]
    pub(crate) fn does_not_scroll_sideways(&self, what: &str) {
        assert_eq!(self.what_is_too_wide(), None, "{what} is wider than the screen");
    }

    /// What is wider than the screen, if anything is.
    pub(crate) fn what_is_too_wide(&self) -> Option<String> {
        let wide = self.script(WIDE, &[json!(self.width.load(Ordering::Relaxed))]);
        wide.as_str().map(str::to_owned)
    }
}

/// `innerWidth` is no measure: on a phone it grows with the page.
const WIDE: &str = "const page = document.documentElement, [width] = arguments;
    if (page.scrollWidth <= width) return null;
    const all = [...document.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > width + 1);
    return [page.scrollWidth, ...all.slice(0, 4).map((it) => it.outerHTML.slice(0, 100).replace(/\\n/g, ' '))].join(' | ')";

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.leaves_a_picture();
        } else {
            self.has_no_complaint();
        }
        let _ = self.driver.delete(&self.session);
    }
}

fn short(body: &Value) -> String {
    body.to_string().chars().take(300).collect()
}
