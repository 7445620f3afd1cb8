//! Sign-in, against a provider that the test starts.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod browser;
mod documents;
mod keys;
mod provider;
mod tls;
mod tokens;

use std::collections::HashMap;

use baari_server::oidc::{Begun, Identity, OidcError, Provider};
use jiff::Timestamp;
use provider::{NOW, REDIRECT, TestProvider};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Bytes that a test can guess, and need not.
const RANDOM: [u8; 96] = [7; 96];

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// The whole answer, as it is sent.
async fn fetch(host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// Goes where a browser is sent, and brings back the code and the state.
async fn browse(begun: &Begun) -> (String, String) {
    let (host, path) = begun.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let answer = fetch(host, &format!("/{path}")).await;
    let query = answer.split_once(&format!("location: {REDIRECT}?")).map(|(_, rest)| rest.lines().next());
    let query = query.flatten().unwrap_or_else(|| panic!("{answer}")).to_owned();
    let mut pairs: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    (pairs.remove("code").unwrap(), pairs.remove("state").unwrap())
}

/// A handler may be moved to another thread while it waits.
fn on_any_thread<F: Future + Send>(future: F) -> F {
    future
}

/// A whole sign-in at this time.
async fn sign_in_at(provider: &Provider, seconds: i64) -> Result<Identity, OidcError> {
    let begun = provider.begin(RANDOM);
    let (code, state) = browse(&begun).await;
    assert_eq!(state, begun.state);
    on_any_thread(provider.finish(&code, &begun.verifier, &begun.nonce, at(seconds))).await
}

async fn sign_in(provider: &Provider) -> Result<Identity, OidcError> {
    sign_in_at(provider, NOW).await
}

/// What both voices say, and what a log would hold, names nothing that must stay here.
fn assert_discreet(error: &OidcError, test: &TestProvider) {
    let said = format!("{error} {error:?} {}", error.advice());
    let given = test.acts().given.clone();
    for secret in
        given.iter().map(String::as_str).chain([provider::SECRET, "sesame", "code/", "asha", "opens-"])
    {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}
