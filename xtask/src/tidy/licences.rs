//! Where the crates we link come from, and under which licences. `deny.toml` has the list, for `cargo deny`
//! (which knows more: advisories, duplicates) and for this check, which needs nothing installed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Finding;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// What we release for. The graph of another system differs in small platform crates, not worth downloading.
const TARGET: &str = "x86_64-unknown-linux-gnu";

const LICENCE: &str = "whoever runs Baari must be free to: deny.toml lists the licences that we have read";
const SOURCE: &str = "crates.io keeps every version for ever; a git address or a folder does not";

pub(super) fn check(workspace: &Path) -> Result<Vec<Finding>> {
    let deny = std::fs::read_to_string(workspace.join("deny.toml")).context("reading deny.toml")?;
    let allowed = allowed_licences(&deny)?;
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET]);
    let output = cargo.current_dir(workspace).output().context("starting cargo")?;
    if !output.status.success() {
        bail!("`cargo metadata --locked` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("reading cargo's metadata")?;
    Ok(judge(&metadata, &allowed))
}

/// The quoted words of `allow = [ … ]` in the section `[licenses]`.
fn allowed_licences(deny: &str) -> Result<BTreeSet<&str>> {
    let list = deny.split_once("[licenses]").and_then(|(_, section)| section.split_once("allow = ["));
    let (list, _) =
        list.and_then(|(_, list)| list.split_once(']')).context("deny.toml lacks `allow = […]`")?;
    Ok(list.split('"').skip(1).step_by(2).collect())
}

fn judge(metadata: &Value, allowed: &BTreeSet<&str>) -> Vec<Finding> {
    let ours: BTreeSet<&str> = strings(&metadata["workspace_members"]).collect();
    let linked = linked(metadata, &ours);
    let mut findings = Vec::new();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    for package in packages.filter(|package| linked.contains(text(&package["id"]))) {
        if ours.contains(text(&package["id"])) {
            continue;
        }
        let name = format!("{} {}", text(&package["name"]), text(&package["version"]));
        let mut add = |what, because| {
            findings.push(Finding { path: "Cargo.lock".to_owned(), line: 1, what, because });
        };
        if text(&package["source"]) != CRATES_IO {
            add(format!("{name} does not come from crates.io"), SOURCE);
        }
        let licence = text(&package["license"]);
        if !permits(licence, allowed) {
            add(format!("the licence of {name}, `{licence}`, is not allowed"), LICENCE);
        }
    }
    findings
}

/// The packages that our crates depend on, directly or not, other than for tests.
fn linked<'m>(metadata: &'m Value, ours: &BTreeSet<&'m str>) -> BTreeSet<&'m str> {
    let nodes = metadata["resolve"]["nodes"].as_array().into_iter().flatten();
    let nodes: BTreeMap<&str, &Value> = nodes.map(|node| (text(&node["id"]), node)).collect();
    let mut found = ours.clone();
    let mut open: Vec<&str> = ours.iter().copied().collect();
    while let Some(node) = open.pop().and_then(|id| nodes.get(id)) {
        for dependency in node["deps"].as_array().into_iter().flatten() {
            let kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            let is_linked = kinds.map(|kind| text(&kind["kind"])).any(|kind| kind != "dev");
            if is_linked && found.insert(text(&dependency["pkg"])) {
                open.push(text(&dependency["pkg"]));
            }
        }
    }
    found
}

/// A text, or nothing for null.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(text)
}

/// Whether an SPDX expression leaves a choice that is allowed. `OR` binds less than `AND`; an exception
/// (`WITH …`) only ever permits more; old crates write `/` for `OR`.
fn permits(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words, allowed) && words.next().is_none()
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn any_of(words: &mut Words<'_>, allowed: &BTreeSet<&str>) -> bool {
    let mut permitted = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        permitted |= all_of(words, allowed);
    }
    permitted
}

fn all_of(words: &mut Words<'_>, allowed: &BTreeSet<&str>) -> bool {
    let mut permitted = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        permitted &= one(words, allowed);
    }
    permitted
}

fn one(words: &mut Words<'_>, allowed: &BTreeSet<&str>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        return any_of(words, allowed) & words.next_if_eq(&")").is_some();
    }
    let permitted = words.next().is_some_and(|licence| allowed.contains(licence));
    if words.next_if_eq(&"WITH").is_some() {
        words.next();
    }
    permitted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::whats;
    use super::*;

    #[test]
    fn an_expression_needs_one_allowed_choice() {
        let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0"]);
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("Apache-2.0 AND GPL-3.0-only", false),
            ("GPL-3.0-only AND MIT OR ISC", true),
            ("(GPL-3.0-only OR MIT) AND ISC", true),
            ("MIT/Apache-2.0", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("(MIT", false),
            ("", false),
        ] {
            assert_eq!(permits(expression, &allowed), expected, "{expression}");
        }
    }

    #[test]
    fn the_list_is_read_from_deny_toml() {
        let deny = "[bans]\nallow = [\"x\"]\n[licenses]\nallow = [\n  \"MIT\", # why\n  \"ISC\",\n]\n";
        assert_eq!(allowed_licences(deny).unwrap(), BTreeSet::from(["MIT", "ISC"]));
        assert!(allowed_licences("").is_err());
    }

    fn package(name: &str, source: Option<&str>, license: Option<&str>) -> Value {
        json!({"id": name, "name": name, "version": "1", "source": source, "license": license})
    }

    #[test]
    fn what_only_tests_use_is_not_judged() {
        let metadata = json!({
            "workspace_members": ["ours"],
            "packages": [
                package("ours", None, None),
                package("good", Some(CRATES_IO), Some("MIT")),
                package("deep", Some("git+https://example.org"), Some("GPL-3.0-only")),
                package("tests", None, None),
            ],
            "resolve": {"nodes": [
                {"id": "ours", "deps": [
                    {"pkg": "good", "dep_kinds": [{"kind": null}]},
                    {"pkg": "tests", "dep_kinds": [{"kind": "dev"}]},
                ]},
                {"id": "good", "deps": [{"pkg": "deep", "dep_kinds": [{"kind": "build"}]}]},
            ]},
        });
        assert_eq!(
            whats(&judge(&metadata, &BTreeSet::from(["MIT"]))),
            [
                "1: deep 1 does not come from crates.io",
                "1: the licence of deep 1, `GPL-3.0-only`, is not allowed"
            ]
        );
    }
}
