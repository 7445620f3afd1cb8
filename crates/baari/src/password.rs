//! Passwords on their way in: from a file, from the environment, from a terminal, or made here. Never from an option: everybody on the
//! machine can read a command line.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, bail};
use baari_access::password::{check, hash, one_time};
use baari_desk::random;

use crate::terminal::Ask;

/// How often somebody may try to find a good one before the program gives up.
const TRIES: u32 = 10;

/// A password that is good enough. It has no `Debug` and no `Display`: it is shown only where it is revealed.
pub(crate) struct Password(String);

impl Password {
    /// What the first line of a file says.
    pub(crate) fn from_file(path: &Path, about: &[&str]) -> anyhow::Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("can't read the password in the file {shown}"))?;
        let text = text.strip_suffix('\n').map_or(&*text, |line| line.strip_suffix('\r').unwrap_or(line));
        if text.contains(['\n', '\r']) {
            bail!(
                "the password file {shown} has more than one line: write the password into it, and nothing else"
            );
        }
        Self::checked(text.to_owned(), about).with_context(|| format!("the password in the file {shown}"))
    }

    /// This one, if it is good enough.
    pub(crate) fn checked(text: String, about: &[&str]) -> anyhow::Result<Self> {
        check(&text, about)?;
        Ok(Self(text))
    }

    /// What somebody types twice; they are asked again while it is too weak, or isn't the same.
    pub(crate) fn asked(ask: &mut dyn Ask, name: &str, about: &[&str]) -> anyhow::Result<Self> {
        for _ in 0..TRIES {
            let typed = ask.hidden(&format!("Password for {name}")).map_err(not_answered)?;
            if let Err(weak) = check(&typed, about) {
                ask.say(&format!("Not that one: {weak}."))?;
                continue;
            }
            if ask.hidden("The same again").map_err(not_answered)? == typed {
                return Ok(Self(typed));
            }
            ask.say("These were not the same.")?;
        }
        bail!("no password was given");
    }

    /// One that is made here, to be changed by whoever gets it.
    pub(crate) fn made() -> Self {
        Self(one_time(random()))
    }

    /// What is kept of it.
    pub(crate) fn hashed(&self) -> String {
        hash(&self.0, random())
    }

    /// For showing it, once, to whoever hands it on.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

fn not_answered(error: std::io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::Interrupted => anyhow::anyhow!("no password was given"),
        _ => anyhow::Error::new(error).context("can't ask for a password on this terminal"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Script;

    #[test]
    fn somebody_is_asked_until_it_is_good_and_the_same_twice() {
        let mut ask = Script::new(&[
            "short",
            "teal monsoon ladder",
            "teal monsoon lader",
            "teal monsoon ladder",
            "teal monsoon ladder",
        ]);
        let password = Password::asked(&mut ask, "asha", &["asha"]).unwrap();
        assert!(ask.is_over() && password.reveal() == "teal monsoon ladder");
        assert!(ask.said[1].contains("at least 10"), "{:?}", ask.said);
        assert!(ask.said[4].contains("not the same"), "{:?}", ask.said);
        assert!(!ask.said.concat().contains("teal"));
        let none = Password::asked(&mut Script::new(&["short"]), "asha", &[]).err().unwrap();
        assert_eq!(none.to_string(), "no password was given");
    }

    #[test]
    fn a_file_holds_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        for (text, expected) in [
            ("teal monsoon ladder", Ok("teal monsoon ladder")),
            ("teal monsoon ladder\n", Ok("teal monsoon ladder")),
            ("teal monsoon ladder\r\n", Ok("teal monsoon ladder")),
            (" teal monsoon ladder ", Ok(" teal monsoon ladder ")),
            ("teal monsoon ladder\n\n", Err("one line")),
            ("asha1234567", Err("guessed")),
            ("", Err("at least 10")),
        ] {
            std::fs::write(&path, text).unwrap();
            let read = Password::from_file(&path, &["asha"]);
            match (&read, expected) {
                (Ok(read), Ok(expected)) => assert_eq!(read.reveal(), expected),
                (Err(error), Err(expected)) => assert!(format!("{error:#}").contains(expected), "{error:#}"),
                (read, _) => panic!("{text:?}: {:?}", read.as_ref().err()),
            }
        }
        let missing = Password::from_file(&folder.path().join("none"), &[]).err().unwrap();
        assert!(missing.to_string().contains("can't read"), "{missing:#}");
    }
}
