//! What the pages are tested with: Debian's Chromium and its driver, a font that has Devanagari, and axe-core, which finds what
//! people can't use who see badly or have no mouse.
//!
//! A browser that draws boxes in place of Hindi passes for one that works, so the font counts as a missing part too. The server's
//! tests of printed slips draw with the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fuzz::{self, run, target};
use crate::packages::{find_program, install};

/// Where Debian's `fonts-noto-core` puts the one we need.
const DEBIAN_FONT: &str = "/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf";
/// A package of Python's that has axe-core 4.12.1 in it: Python is here anyway, for the fuzzer; Node is not.
const AXE_PACKAGE: &str = "axe-playwright-python==0.1.8";
const AXE_FILE: &str = "axe_playwright_python/axe.min.js";
/// The first line of the file.
const AXE_VERSION: &str = "axe v4.12.1";

/// Where everything is, all of it present.
pub(crate) struct Browser {
    chromium: PathBuf,
    driver: PathBuf,
    axe: PathBuf,
    pictures: PathBuf,
}

impl Browser {
    /// Finds every part; installs what is missing.
    ///
    /// # Errors
    /// When something is missing and can't be installed here.
    pub(crate) fn find_or_install() -> Result<Self> {
        let missing = missing_packages();
        if !missing.is_empty() {
            install(&missing)?;
        }
        let missing = missing_packages();
        if !missing.is_empty() {
            bail!("still missing after the installation: {}", missing.join(" "));
        }
        Ok(Self {
            chromium: find_program("chromium").context("chromium is not in PATH")?,
            driver: find_program("chromedriver").context("chromedriver is not in PATH")?,
            axe: axe()?,
            pictures: pictures()?,
        })
    }

    /// Where it is, by the names that the tests read.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("BAARI_TEST_CHROMIUM", &self.chromium),
            ("BAARI_TEST_CHROMEDRIVER", &self.driver),
            ("BAARI_TEST_AXE", &self.axe),
            ("BAARI_TEST_PICTURES", &self.pictures),
        ];
        all.into_iter().map(|(name, path)| (name, path.display().to_string())).collect()
    }
}

/// Where the tests put pictures of pages.
///
/// # Errors
/// When we were not run by cargo.
pub(crate) fn pictures() -> Result<PathBuf> {
    Ok(target()?.join("pictures"))
}

fn missing_packages() -> Vec<&'static str> {
    let programs = [("chromium", "chromium"), ("chromedriver", "chromium-driver")];
    let missing = programs.into_iter().filter(|(program, _)| find_program(program).is_none());
    let mut missing: Vec<&str> = missing.map(|(_, package)| package).collect();
    if !has_devanagari() {
        missing.push("fonts-noto-core");
    }
    missing
}

fn has_devanagari() -> bool {
    let listed =
        || Command::new("fc-list").arg(":lang=hi").output().is_ok_and(|output| !output.stdout.is_empty());
    Path::new(DEBIAN_FONT).is_file() || listed()
}

/// axe-core as one file, fetched once for each version.
fn axe() -> Result<PathBuf> {
    let folder = target()?.join(AXE_PACKAGE);
    let file = folder.join(AXE_FILE);
    if !file.is_file() {
        let python = fuzz::python()?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"];
        // What it drives a browser with is a browser of its own, which we don't need.
        run(Command::new(python).args(install).args(["--no-deps", AXE_PACKAGE, "--target"]).arg(&folder))?;
    }
    let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    if !text.lines().next().is_some_and(|first| first.contains(AXE_VERSION)) {
        bail!("{} is not {AXE_VERSION}", file.display());
    }
    Ok(file)
}
