//! A Rust file with comments and literals told apart from code. Not a parser: only as much of Rust's lexer as
//! it takes to know what is inside quotes.

/// A Rust file in three views. In each, every line stands where it stood in the file.
pub(super) struct Source {
    pub(super) path: String,
    /// Code alone; comments and literals are blanks.
    pub(super) code: String,
    /// Code and comments; literals are blanks.
    pub(super) prose: String,
    /// String literals without their quotes, each with the line it begins on (from 1).
    pub(super) literals: Vec<(usize, String)>,
}

impl Source {
    pub(super) fn new(path: impl Into<String>, text: &str) -> Self {
        let mut source =
            Self { path: path.into(), code: String::new(), prose: String::new(), literals: Vec::new() };
        let mut rest = text;
        let mut line = 1;
        while !rest.is_empty() {
            let after_word = source.code.ends_with(is_word);
            let piece = Piece::first_of(rest, after_word);
            let (taken, left) = rest.split_at(piece.bytes);
            match piece.kind {
                Kind::Code => {
                    source.code.push_str(taken);
                    source.prose.push_str(taken);
                }
                Kind::Comment => {
                    source.code.push_str(&blank(taken));
                    source.prose.push_str(taken);
                }
                Kind::Character => {
                    source.code.push_str(&blank(taken));
                    source.prose.push_str(&blank(taken));
                }
                Kind::Literal => {
                    source.code.push_str(&blank(taken));
                    source.prose.push_str(&blank(taken));
                    let inside = taken.trim_start_matches(['r', '#']).trim_end_matches('#').trim_matches('"');
                    source.literals.push((line, inside.to_owned()));
                }
            }
            line += taken.matches('\n').count();
            rest = left;
        }
        source
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Code,
    Comment,
    Character,
    Literal,
}

struct Piece {
    kind: Kind,
    bytes: usize,
}

impl Piece {
    /// The piece that `text` begins with. `after_word` tells a raw string's `r` from the end of a name.
    fn first_of(text: &str, after_word: bool) -> Self {
        let bytes_to = |end: Option<usize>| end.unwrap_or(text.len());
        if text.starts_with("//") {
            return Self { kind: Kind::Comment, bytes: bytes_to(text.find('\n')) };
        }
        if text.starts_with("/*") {
            return Self { kind: Kind::Comment, bytes: block_comment(text) };
        }
        if text.starts_with('"') {
            return Self { kind: Kind::Literal, bytes: quoted(text, '"') };
        }
        if text.starts_with('r') && !after_word {
            let hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
            let opening = 1 + hashes + 1;
            if text[1 + hashes..].starts_with('"') {
                let closing = format!("\"{}", "#".repeat(hashes));
                let end = text[opening..].find(&closing).map(|at| opening + at + closing.len());
                return Self { kind: Kind::Literal, bytes: bytes_to(end) };
            }
        }
        if let Some(after_quote) = text.strip_prefix('\'') {
            // 'a' and '\n' are characters; 'a without a second quote is a lifetime.
            let mut characters = after_quote.chars();
            if characters.next() == Some('\\') || characters.next() == Some('\'') {
                return Self { kind: Kind::Character, bytes: quoted(text, '\'') };
            }
        }
        Self { kind: Kind::Code, bytes: text.chars().next().map_or(0, char::len_utf8) }
    }
}

/// The length of the literal that `text` begins with, both quotes counted.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return at + 1;
        }
    }
    text.len()
}

/// The length of the comment that `text` begins with. Block comments nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

fn blank(text: &str) -> String {
    text.chars().map(|character| if character == '\n' { '\n' } else { ' ' }).collect()
}

/// Whether a character can be part of a name.
pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether `text` has `phrase` standing by itself, not as a part of a longer name.
pub(super) fn has_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let cut_before = phrase.starts_with(is_word) && text[..at].ends_with(is_word);
        let cut_after = phrase.ends_with(is_word) && text[at + phrase.len()..].starts_with(is_word);
        !cut_before && !cut_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_comments_are_no_code() {
        let cases = [
            ("a // b \"c\"\nd", "a d", vec![]),
            ("a /* b /* c */ \" */ d", "a d", vec![]),
            (r#"f("x \" {", y)"#, "f( , y)", vec![r#"x \" {"#]),
            ("f(r#\"a \"b\" c\"#)", "f( )", vec!["a \"b\" c"]),
            ("for\"x\"", "for", vec!["x"]),
            ("let c = '{'; fn f<'a>(x: &'a u8)", "let c = ; fn f<'a>(x: &'a u8)", vec![]),
            (r"'\'' '\u{7b}'", "", vec![]),
            ("\"two\nlines\" x", "x", vec!["two\nlines"]),
        ];
        for (text, code, literals) in cases {
            let source = Source::new("x.rs", text);
            assert_eq!(source.code.split_whitespace().collect::<Vec<_>>().join(" "), code, "{text}");
            assert_eq!(source.code.lines().count(), text.lines().count(), "{text}");
            let inside: Vec<&str> = source.literals.iter().map(|(_, inside)| inside.as_str()).collect();
            assert_eq!(inside, literals, "{text}");
        }
    }

    #[test]
    fn a_literal_knows_its_line() {
        let source = Source::new("x.rs", "a\n\"b\nc\"\n\"d\"");
        assert_eq!(source.literals, [(2, "b\nc".to_owned()), (4, "d".to_owned())]);
    }

    #[test]
    fn a_phrase_is_whole_words() {
        for (text, phrase, expected) in [
            ("use rand::Rng", "rand", true),
            ("let operand = 1", "rand", false),
            ("rand_chacha", "rand", false),
            ("my_todo!()", "todo!(", false),
            ("x; todo!()", "todo!(", true),
        ] {
            assert_eq!(has_phrase(text, phrase), expected, "{text}");
        }
    }
}
