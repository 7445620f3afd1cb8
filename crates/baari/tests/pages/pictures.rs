//! Pictures of all pages, for those who want to see them: `cargo xtask pictures` makes only these. They are made along with the
//! other tests too, so that they can always be made.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::driver::{Place, environment};
use crate::everywhere::{LANGUAGES, PAGES};
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

    /// A picture of the page, as long as it is.
    pub(crate) fn picture(&self, file: &Path) {
        let parameters = json!({ "format": "png", "captureBeyondViewport": true });
        write(file, &self.chromium("Page.captureScreenshot", &parameters));
    }
}

fn write(file: &Path, picture: &Value) {
    let picture = BASE64.decode(picture["data"].as_str().unwrap().as_bytes()).unwrap();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, picture).unwrap();
}

#[test]
fn of_every_page_in_every_language() {
    let _place = Place::take();
    let morning = Morning::shared();
    let folder = environment("BAARI_TEST_PICTURES");
    let mut table =
        "| page | address | language | size | file |\n| --- | --- | --- | --- | --- |\n".to_owned();
    let browser = morning.browser(PAGES[0].screen);
    for page in PAGES {
        let (width, height) = page.screen;
        browser.screen(page.screen);
        for language in LANGUAGES {
            browser.go_in(language, &morning.address(page.address));
            let settled = "return document.fonts.status === 'loaded' && document.readyState === 'complete'";
            browser.until("the whole page", settled, &[]);
            let name = format!("{}-{language}.png", page.name);
            browser.picture(&Path::new(&folder).join(&name));
            let (called, route) = (page.name, page.route);
            writeln!(table, "| {called} | {route} | {language} | {width}×{height} | {name} |").unwrap();
        }
    }
    fs::write(Path::new(&folder).join("README.md"), &table).unwrap();
    println!("{table}");
}
