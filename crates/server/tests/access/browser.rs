//! What a browser does: keeps its cookies, and asks with them.

use baari_store::{Role, User};
use serde_json::{Value, json};

use crate::server::{Answer, Server};
use crate::world::user;

/// A browser's cookies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browser {
    pub(crate) session: String,
    pub(crate) device: String,
}

impl Browser {
    /// Tries to sign in, as a page of ours does.
    pub(crate) async fn try_in(&self, server: &Server, name: &str, password: &str) -> Answer {
        let cookies = format!("__Host-baari-browser={}", self.device);
        let headers =
            [("cookie", cookies.as_str()), ("sec-fetch-site", "same-origin"), ("user-agent", "a browser")];
        let body = json!({ "name": name, "password": password });
        server.send("POST", "/api/session", &headers, Some(&body)).await
    }

    pub(crate) async fn sign_in(server: &Server, name: &str, password: &str) -> Self {
        let answer = Self::default().try_in(server, name, password).await.is(201);
        Self { session: cookie(&answer, "__Host-baari"), device: cookie(&answer, "__Host-baari-browser") }
    }

    pub(crate) async fn ask(
        &self,
        server: &Server,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let cookies = format!("__Host-baari={}; __Host-baari-browser={}", self.session, self.device);
        let headers = [("cookie", cookies.as_str()), ("sec-fetch-site", "same-origin")];
        server.send(method, path, &headers, body).await
    }

    pub(crate) async fn is_in(&self, server: &Server) -> bool {
        let answer = self.ask(server, "GET", "/api/session", None).await;
        if answer.status.as_u16() != 200 {
            answer.refused_as(401, "not_signed_in");
            return false;
        }
        true
    }
}

pub(crate) fn cookie(answer: &Answer, name: &str) -> String {
    let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let value = set.filter_map(|set| set.strip_prefix(name)?.strip_prefix('=')?.split(';').next());
    value.map(str::to_owned).next().unwrap_or_else(|| panic!("{name} in {answer:?}"))
}

/// Somebody new, who signs in with the password of everybody.
pub(crate) async fn somebody(server: &Server, role: Role) -> User {
    user(server, server.main, role, |_| {}).await
}
