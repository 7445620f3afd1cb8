//! When something comes, measured in the pages themselves.

use serde_json::json;

use crate::browser::Browser;

/// Notes, in the page, when a text is shown at a selector, in milliseconds of the machine's clock: all browsers have the same.
const WATCH: &str = "const [selector, text] = arguments;
    window.watching?.disconnect();
    window.shownAt = null;
    const look = () => {
        const there = [...document.querySelectorAll(selector)].some((it) => it.innerText.includes(text));
        if (there && !window.shownAt) window.shownAt = performance.timeOrigin + performance.now();
    };
    window.watching = new MutationObserver(look);
    window.watching.observe(document.body, { childList: true, subtree: true, characterData: true });";
/// Notes when a key is pressed.
const KEYS: &str = "addEventListener('keydown', () => { window.pressedAt = performance.timeOrigin + performance.now(); }, true)";

impl Browser {
    /// From now on it is noted when this text comes at this selector.
    pub(crate) fn watches_for(&self, selector: &str, text: &str) {
        self.script(WATCH, &[json!(selector), json!(text)]);
    }

    /// From now on it is noted when there is another text than this at this selector.
    pub(crate) fn watches_for_other_than(&self, selector: &str, text: &str) {
        let watch = WATCH.replace("it.innerText.includes(text)", "it.innerText !== text");
        self.script(&watch, &[json!(selector), json!(text)]);
    }

    /// When that came which is watched for.
    #[track_caller]
    pub(crate) fn shown_at(&self) -> f64 {
        self.until("what is watched for", "return window.shownAt", &[]).as_f64().unwrap()
    }

    /// From now on it is noted when a key is pressed.
    pub(crate) fn notes_keys(&self) {
        self.script(KEYS, &[]);
    }

    pub(crate) fn pressed_at(&self) -> f64 {
        self.script("return window.pressedAt", &[]).as_f64().unwrap()
    }
}
