//! Pictures of all pages, for those who want to see them: `cargo xtask pictures` makes only these. They are made along with the
//! other tests too, so that they can always be made.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::driver::{Place, environment};
use crate::everywhere::{LANGUAGES, PAGES, Page};
use crate::hospital::Morning;

impl Browser {
    /// A picture of what this browser showed when its test failed.
    pub(crate) fn leaves_a_picture(&self) {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let test = std::thread::current().name().unwrap_or("a thread").replace("::", "-");
        let name = format!("failed-{test}-{}.png", NEXT.fetch_add(1, Ordering::Relaxed));
        let file = Path::new(&environment("BAARI_TEST_PICTURES")).join(name);
        // The browser may be what failed.
        if let Ok(picture) = self.try_chromium("Page.captureScreenshot", &json!({ "format": "png" })) {
            println!("what it showed: {}", file.display());
            write(&file, &picture);
        }
    }

    /// A picture of what is on the screen, or of the page, as long as it is.
    pub(crate) fn picture(&self, file: &Path, whole: bool) {
        // A page as long as it is has no scrollbar, and is as wide as the screen.
        self.chromium("Emulation.setScrollbarsHidden", &json!({ "hidden": whole }));
        let parameters = json!({ "format": "png", "captureBeyondViewport": whole });
        write(file, &self.chromium("Page.captureScreenshot", &parameters));
    }
}

fn write(file: &Path, picture: &Value) {
    let picture = BASE64.decode(picture["data"].as_str().unwrap().as_bytes()).unwrap();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, picture).unwrap();
}

/// A table of the pictures, beside them.
struct Album {
    folder: PathBuf,
    table: String,
}

impl Album {
    fn add(&mut self, browser: &Browser, page: &Page, moment: &str, language: &str) {
        let settled = "return document.fonts.status === 'loaded' && document.readyState === 'complete'";
        browser.until("the whole page", settled, &[]);
        let name = format!("{}{moment}-{language}.png", page.name);
        browser.picture(&self.folder.join(&name), moment.is_empty());
        let (called, route, (width, height)) = (page.name, page.route, page.screen);
        writeln!(self.table, "| {called}{moment} | {route} | {language} | {width}×{height} | {name} |")
            .unwrap();
    }

    fn done(&self, name: &str) {
        fs::write(self.folder.join(name), &self.table).unwrap();
        println!("{}", self.table);
    }

    fn new() -> Self {
        let table =
            "| page | address | language | size | file |\n| --- | --- | --- | --- | --- |\n".to_owned();
        Self { folder: environment("BAARI_TEST_PICTURES").into(), table }
    }
}

fn page(name: &str) -> &'static Page {
    PAGES.iter().find(|page| page.name == name).unwrap()
}

#[test]
fn of_every_page_in_every_language() {
    let _place = Place::take();
    let morning = Morning::shared();
    let mut album = Album::new();
    let browser = morning.browser(PAGES[0].screen);
    for page in PAGES {
        browser.screen(page.screen);
        for language in LANGUAGES {
            browser.go_in(language, &morning.address(page.address));
            album.add(&browser, page, "", language);
        }
    }
    album.done("README.md");
}

#[test]
fn of_moments_in_every_language() {
    let _place = Place::take();
    let mut album = Album::new();
    for language in LANGUAGES {
        let morning = Morning::begin();
        let [desk, room, board, phone] = ["desk", "room", "board", "own"].map(|name| {
            let page = page(name);
            let browser = morning.browser(page.screen);
            browser.go_in(language, &morning.address(page.address));
            browser.is_live();
            browser
        });
        let farida = json!({ "name": "Farida Contractor", "phone": "98200 43210", "previous_doctor_id": morning.khan.doctor });
        morning.khan.client.post("/api/patient", &farida).expect(201);
        desk.type_keys("farida");
        desk.shows_at("#found [role=option]", "Farida");
        album.add(&desk, page("desk"), "-found", language);
        desk.press("Enter");
        desk.until("an offer", "return document.querySelector('#offer > *')", &[]);
        album.add(&desk, page("desk"), "-offer", language);
        room.click("#next .call");
        room.until("the question why", "return document.querySelector('#out-of-order').open", &[]);
        album.add(&room, page("room"), "-out-of-order", language);
        let call = json!({ "token_id": morning.waiting["id"], "finish": true, "reason": "unwell" });
        morning.rao.room("next", &call).expect(200);
        let label = morning.waiting["label"].as_str().unwrap();
        board.shows_at(".tile.new .label", label);
        album.add(&board, page("board"), "-call", language);
        phone.until("one's turn", "return document.querySelector('#turn').dataset.state === 'turn'", &[]);
        phone.click("#why summary");
        album.add(&phone, page("own"), "-turn", language);
    }
    album.done("moments.md");
}
