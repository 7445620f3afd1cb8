//! What a browser did beside showing a page: what it asked for, how much came, what it complained about.

use serde_json::{Value, json};

use crate::browser::Browser;

/// What was asked for since this was last read.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) addresses: Vec<String>,
    /// As it came over the network: compressed, with headers.
    pub(crate) bytes: u64,
}

impl Traffic {
    /// Nothing is asked for elsewhere: neither a font nor a script, and no telemetry.
    #[track_caller]
    pub(crate) fn stays_at(&self, base: &str) {
        let ours = |address: &&String| {
            address.starts_with(base) || address.starts_with("data:") || address.starts_with("blob:")
        };
        let elsewhere: Vec<_> = self.addresses.iter().filter(|address| !ours(address)).collect();
        assert!(elsewhere.is_empty(), "asked for elsewhere: {elsewhere:?}");
    }
}

impl Browser {
    /// What was asked for since the last time, by this page and those before it.
    pub(crate) fn traffic(&self) -> Traffic {
        let mut traffic = Traffic::default();
        for entry in self.log("performance") {
            let entry: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let (method, told) = (&entry["message"]["method"], &entry["message"]["params"]);
            match method.as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    traffic.addresses.push(told["request"]["url"].as_str().unwrap().to_owned());
                }
                "Network.loadingFinished" => {
                    // A whole number, written as 1234.0.
                    let bytes = told["encodedDataLength"].as_f64().unwrap_or_default();
                    traffic.bytes += format!("{bytes:.0}").parse::<u64>().unwrap();
                }
                _ => {}
            }
        }
        traffic
    }

    /// The browser complains about nothing: no script fails, nothing is against the page's policy, no file is missing. That the
    /// server refuses something, or is away, is no complaint about a page; nor that nobody has touched a phone that would buzz.
    #[track_caller]
    pub(crate) fn has_no_complaint(&self) {
        let refused =
            |said: &str| said.contains("net::ERR_") || said.contains("the server responded with a status of");
        for entry in self.log("browser") {
            let (source, said) = (entry["source"].as_str().unwrap(), entry["message"].as_str().unwrap());
            let is_missing = said.contains("status of 404") && said.contains("/assets/");
            let is_away = source == "console-api" && said.contains("htmx:error: Failed to fetch");
            let is_refusal = is_away || source == "network" && refused(said) && !is_missing;
            let counts =
                source != "intervention" && ["SEVERE", "WARNING"].contains(&entry["level"].as_str().unwrap());
            assert!(!counts || is_refusal, "the browser complains: {entry}");
        }
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        self.post("/se/log", &json!({ "type": kind })).as_array().unwrap().clone()
    }
}
