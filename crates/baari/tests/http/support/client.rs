//! A client that takes every answer as it comes.

use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, Body};

/// Talks to one server.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    base: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Null when the body is not JSON.
    pub(crate) body: Value,
    pub(crate) text: String,
    headers: Vec<(String, String)>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The stable name of the problem.
    pub(crate) fn problem(&self) -> &str {
        self.body["type"].as_str().and_then(|kind| kind.strip_prefix("/problem/")).unwrap_or_default()
    }

    /// The body, if the status is as expected.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .max_idle_connections_per_host(256)
            .build();
        Self { agent: config.into(), base: format!("http://{address}") }
    }

    /// The same, which does not go where an answer sends it.
    pub(crate) fn stay(&self) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Self { agent: config.build().into(), base: self.base.clone() }
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        reply(request.call()).expect("the server answers")
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        reply(self.agent.delete(format!("{}{path}", self.base)).call()).expect("the server answers")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_with(path, body, &[])
    }

    pub(crate) fn post_with(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        self.try_post(path, body, headers).expect("the server answers")
    }

    /// None when the connection breaks before the answer.
    pub(crate) fn try_post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Option<Reply> {
        self.send_text("POST", path, &body.to_string(), headers)
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Reply {
        self.patch_with(path, body, &[])
    }

    pub(crate) fn patch_with(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        self.send_text("PATCH", path, &body.to_string(), headers).expect("the server answers")
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Reply {
        self.send_text("PUT", path, &body.to_string(), &[]).expect("the server answers")
    }

    pub(crate) fn send_text(
        &self,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Option<Reply> {
        let url = format!("{}{path}", self.base);
        let request = match method {
            "POST" => self.agent.post(url),
            "PUT" => self.agent.put(url),
            _ => self.agent.patch(url),
        };
        let typed = headers.iter().any(|(name, _)| *name == "Content-Type");
        let request = if typed { request } else { request.header("Content-Type", "application/json") };
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        reply(request.send(body))
    }
}

fn reply(response: Result<ureq::http::Response<Body>, ureq::Error>) -> Option<Reply> {
    let mut response = response.ok()?;
    let headers = response.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    let (status, headers) = (response.status().as_u16(), headers.collect());
    let text = response.body_mut().read_to_string().ok()?;
    Some(Reply { status, body: serde_json::from_str(&text).unwrap_or(Value::Null), text, headers })
}
