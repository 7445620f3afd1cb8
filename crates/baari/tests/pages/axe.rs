//! What axe-core finds on a page: what people can't use who see badly, or have no mouse.

use std::fs;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::driver::environment;

static AXE: LazyLock<String> = LazyLock::new(|| fs::read_to_string(environment("BAARI_TEST_AXE")).unwrap());

/// WCAG 2.2 up to AA, and what is good practice besides.
const RUN: &str = "return axe.run(document, { resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then((found) => found.violations)";

impl Browser {
    /// axe-core finds nothing on the page as it is now.
    #[track_caller]
    pub(crate) fn everybody_can_use_it(&self, what: &str) {
        let findings = self.findings();
        assert!(findings.is_empty(), "{what}: not everybody can use it:\n{}", findings.join("\n"));
    }

    /// What axe-core finds, a line each.
    pub(crate) fn findings(&self) -> Vec<String> {
        self.script(&AXE, &[]);
        let violations = self.script(RUN, &[]);
        let violations = violations.as_array().unwrap().iter();
        violations
            .flat_map(|violation| {
                violation["nodes"].as_array().unwrap().iter().map(|node| line(violation, node))
            })
            .collect()
    }

    /// From one control to the next with the Tab key, once around: those that can't be seen, or of which one does not see that
    /// they have the focus.
    pub(crate) fn unseen_focus(&self) -> Vec<String> {
        self.script("document.activeElement.blur(); window.scrollTo(0, 0); window.tabbed = new Set()", &[]);
        let mut unseen = Vec::new();
        for _ in 0..TABS_MAX {
            self.strike("Tab");
            let seen = self.script(FOCUSED, &[]);
            match seen["state"].as_str().unwrap() {
                "around" => return unseen,
                "fine" => {}
                _ => unseen.push(seen.to_string()),
            }
        }
        unseen
    }
}

/// Of a long page the first are enough.
const TABS_MAX: usize = 60;

/// What has the focus is on the screen, and has an outline, or another sign of its own.
const FOCUSED: &str = "const it = document.activeElement;
    if (!it || it === document.body || window.tabbed.has(it)) return { state: 'around' };
    window.tabbed.add(it);
    const style = getComputedStyle(it), box = it.getBoundingClientRect();
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return { state: outlined && inside ? 'fine' : 'lost', outlined, inside, html: it.outerHTML.slice(0, 200) };";

fn line(violation: &Value, node: &Value) -> String {
    let html: String = node["html"].as_str().unwrap_or_default().chars().take(160).collect();
    let said = node["failureSummary"].as_str().unwrap_or_default().replace('\n', " ");
    format!("- {} at {}: {said}\n    {html}", violation["id"], json!(node["target"]))
}
