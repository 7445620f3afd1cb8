//! Questions to whoever sits at the terminal. They go to standard error, so that an answer can be piped on.

use std::io::{self, BufRead, IsTerminal, Write};

/// Somebody who answers.
pub(crate) trait Ask {
    /// Tells them something.
    fn say(&mut self, text: &str) -> io::Result<()>;
    /// An answer in words; the suggestion, if they only press Enter.
    fn line(&mut self, question: &str, suggestion: &str) -> io::Result<String>;
    /// An answer that isn't shown while it is typed.
    fn hidden(&mut self, question: &str) -> io::Result<String>;
}

/// The terminal that the program was started from.
pub(crate) struct Terminal(());

impl Terminal {
    /// None if nobody is there: a service, a container, a pipe.
    pub(crate) fn find() -> Option<Self> {
        (io::stdin().is_terminal() && io::stderr().is_terminal()).then_some(Self(()))
    }
}

impl Ask for Terminal {
    fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(io::stderr(), "{text}")
    }

    fn line(&mut self, question: &str, suggestion: &str) -> io::Result<String> {
        write!(io::stderr(), "{question} [{suggestion}]: ")?;
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "no answer"));
        }
        let answer = answer.trim();
        Ok(if answer.is_empty() { suggestion } else { answer }.to_owned())
    }

    fn hidden(&mut self, question: &str) -> io::Result<String> {
        rpassword::prompt_password(format!("{question}: "))
    }
}

/// Somebody who answers what was written down before, for tests.
#[cfg(test)]
pub(crate) struct Script {
    answers: std::collections::VecDeque<&'static str>,
    pub(crate) said: Vec<String>,
}

#[cfg(test)]
impl Script {
    pub(crate) fn new(answers: &[&'static str]) -> Self {
        Self { answers: answers.iter().copied().collect(), said: Vec::new() }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.answers.is_empty()
    }
}

#[cfg(test)]
impl Ask for Script {
    fn say(&mut self, text: &str) -> io::Result<()> {
        self.said.push(text.to_owned());
        Ok(())
    }

    fn line(&mut self, question: &str, suggestion: &str) -> io::Result<String> {
        let answer = self.hidden(question)?;
        Ok(if answer.is_empty() { suggestion.to_owned() } else { answer })
    }

    fn hidden(&mut self, question: &str) -> io::Result<String> {
        self.said.push(question.to_owned());
        self.answers.pop_front().map(str::to_owned).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
