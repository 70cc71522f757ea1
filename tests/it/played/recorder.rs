//! Plays requests that the contract describes: sends them, holds what comes back against the schemas of the document, and
//! keeps both, as examples.

use std::collections::{BTreeMap, BTreeSet};

use axum::{body::Body, http::Method};
use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use crate::{
    mail::server::Server,
    support::{Answer, Client, TestApp},
};

/// A site, and what it has been asked so far.
pub struct Play {
    pub app: TestApp,
    /// The OpenAPI document.
    pub contract: Value,
    pub ada: Client,
    /// By the name of the operation: values of parameters, what was sent, what was answered.
    pub examples: BTreeMap<String, Value>,
    /// By the name of the response.
    pub problems: BTreeMap<String, Value>,
    /// The operations that were played, each with the statuses of its answers.
    pub played: BTreeSet<(String, String)>,
    /// What hangs on the machine on which this runs, and what the examples say instead.
    pub instead: Vec<(String, String)>,
    /// What was not answered as the document says, all of it.
    pub faults: Vec<String>,
    schemas: Schemas,
    /// To which the site sends its letters.
    _mail: Server,
}

/// What goes out with a request.
enum Sent {
    Nothing,
    Json(Value),
    Form(Value),
    File {
        name: &'static str,
        bytes: Vec<u8>,
        fields: &'static [(&'static str, &'static str)],
    },
    /// Bytes that call themselves something.
    Raw(&'static str, Vec<u8>),
}

/// A request that is being put together.
pub struct Request<'a> {
    play: &'a mut Play,
    operation: String,
    client: Client,
    values: Vec<(&'static str, Value)>,
    sent: Sent,
    etag: Option<String>,
    names_nothing: bool,
}

impl Play {
    pub fn new(app: TestApp, ada: Client, contract: Value, mail: Server) -> Self {
        let schemas = Schemas::of(&contract);
        let (examples, problems, played) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self {
            app,
            contract,
            ada,
            examples,
            problems,
            played,
            instead: Vec::new(),
            faults: Vec::new(),
            schemas,
            _mail: mail,
        }
    }

    /// Begins a request of an operation, by whoever may do everything or, if it needs no key, by nobody.
    pub fn ask(&mut self, operation: &str) -> Request<'_> {
        let (_, _, described) = self.found(operation);
        let is_public = described["security"].as_array().is_some_and(Vec::is_empty);
        let client = if is_public { self.app.nobody() } else { self.ada.clone() };
        Request {
            play: self,
            operation: operation.to_owned(),
            client,
            values: Vec::new(),
            sent: Sent::Nothing,
            etag: None,
            names_nothing: false,
        }
    }

    /// The method, the path and the description of an operation.
    fn found(&self, operation: &str) -> (Method, String, Value) {
        for (path, item) in self.contract["paths"].as_object().unwrap() {
            for (method, described) in item.as_object().unwrap() {
                if described["operationId"] == operation {
                    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                    return (method, path.clone(), described.clone());
                }
            }
        }
        panic!("{operation} is no operation");
    }

    /// The same as it stands in the document, whatever refers to it.
    fn followed(&self, value: &Value) -> Value {
        match value["$ref"].as_str() {
            Some(reference) => self.contract.pointer(reference.trim_start_matches('#')).unwrap().clone(),
            None => value.clone(),
        }
    }

    /// Notes what in a value does not fit a schema.
    fn hold(&mut self, schema: &Value, value: &Value, what: &str) {
        let faults = self.schemas.faults(schema, value);
        self.faults.extend(faults.into_iter().map(|fault| format!("{what} does not fit its schema: {fault}")));
    }

    /// A value without what hangs on this machine.
    fn told(&self, value: &Value) -> Value {
        let mut text = value.to_string();
        for (here, instead) in &self.instead {
            text = text.replace(here, instead);
        }
        serde_json::from_str(&text).unwrap()
    }
}

impl Request<'_> {
    pub fn by(self, client: &Client) -> Self {
        Self { client: client.clone(), ..self }
    }

    /// With a value of a parameter, in the path or in the query.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    pub fn of(self, id: &Value) -> Self {
        self.with("id", id.clone())
    }

    pub fn sends(self, body: Value) -> Self {
        Self { sent: Sent::Json(body), ..self }
    }

    pub fn sends_form(self, fields: Value) -> Self {
        Self { sent: Sent::Form(fields), ..self }
    }

    pub fn sends_file(
        self,
        name: &'static str,
        bytes: Vec<u8>,
        fields: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { sent: Sent::File { name, bytes, fields }, ..self }
    }

    pub fn sends_raw(self, media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self { sent: Sent::Raw(media_type, bytes), ..self }
    }

    /// Names this as the version that was seen, instead of what is there.
    pub fn seeing(self, etag: &str) -> Self {
        Self { etag: Some(etag.to_owned()), ..self }
    }

    pub fn naming_nothing(self) -> Self {
        Self { names_nothing: true, ..self }
    }

    /// Sends it; it has to be answered with this status, as the document describes it. The first answer of each status is
    /// an example.
    pub async fn answers(self, status: u16) -> Answer {
        self.answered(status, false).await
    }

    /// The same, where many operations have the example in common.
    pub async fn refused(self, status: u16) -> Answer {
        self.answered(status, true).await
    }

    async fn answered(mut self, status: u16, is_shared: bool) -> Answer {
        let (method, path, described) = self.play.found(&self.operation);
        let address = self.address(&path, &described);
        let etag = self.seen(&address, &path, &described).await;
        let mut headers: Vec<(&str, &str)> = etag.iter().map(|etag| ("if-match", etag.as_str())).collect();
        let (media_type, body) = self.body();
        headers.extend(media_type.iter().map(|media_type| ("content-type", *media_type)));
        let answer = self.client.send(method.clone(), &address, &headers, body).await;
        if answer.status.as_u16() != status {
            self.play.faults.push(format!("{} was not answered with {status}: {answer:?}", self.operation));
            return answer;
        }
        self.hold(status, &described, &answer, is_shared);
        if status == 200 && described["responses"]["304"].is_object() {
            let again = [("if-none-match", answer.header("etag"))];
            let known = self.client.send(Method::GET, &address, &again, Body::empty()).await;
            self.play.played.insert((self.operation.clone(), known.status.as_u16().to_string()));
        }
        answer
    }

    /// The address of the request; every parameter has to be described.
    fn address(&mut self, path: &str, described: &Value) -> String {
        let (mut path, mut query) = (path.to_owned(), Vec::new());
        for (name, value) in &self.values.clone() {
            let parameters = described["parameters"].as_array().into_iter().flatten();
            let parameter = parameters.map(|one| self.play.followed(one)).find(|one| one["name"] == *name);
            let parameter = parameter.unwrap_or_else(|| panic!("{} has no parameter {name}", self.operation));
            self.play.hold(&parameter["schema"], value, &format!("{name} of {}", self.operation));
            let text = written(value);
            if parameter["in"] == "path" {
                path = path.replace(&format!("{{{name}}}"), &text);
            } else {
                query.push(format!("{name}={}", encoded(&text)));
            }
        }
        assert!(!path.contains('{'), "{path} lacks values");
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// The ETag that the request names: of the nearest thing in its path that has one.
    async fn seen(&self, address: &str, path: &str, described: &Value) -> Option<String> {
        let if_match = json!({ "$ref": "#/components/parameters/IfMatch" });
        let names = described["parameters"].as_array().is_some_and(|parameters| parameters.contains(&if_match));
        if !names || self.names_nothing {
            return None;
        }
        if self.etag.is_some() {
            return self.etag.clone();
        }
        let steps: Vec<&str> = path.split('/').collect();
        let values: Vec<&str> = address.split('/').collect();
        let has_etag = |length: &usize| {
            let shown = &self.play.contract["paths"][steps[..*length].join("/")]["get"]["responses"]["200"];
            shown["headers"]["ETag"].is_object()
        };
        let length = (1..=steps.len()).rev().find(has_etag).unwrap_or_else(|| panic!("nothing of {path} has an ETag"));
        let shown = self.play.ada.get(&values[..length].join("/")).await;
        Some(shown.header("etag").to_owned())
    }

    fn body(&mut self) -> (Option<&'static str>, Body) {
        match &mut self.sent {
            Sent::Nothing => (None, Body::empty()),
            Sent::Json(value) => (Some("application/json"), value.to_string().into()),
            Sent::Form(fields) => {
                let pairs = fields.as_object().unwrap().iter();
                let pairs = pairs.map(|(name, value)| format!("{name}={}", encoded(&written(value))));
                (Some("application/x-www-form-urlencoded"), pairs.collect::<Vec<_>>().join("&").into())
            }
            Sent::File { name, bytes, fields } => {
                let mut body = Vec::new();
                for (field, value) in *fields {
                    let head = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"");
                    body.extend(format!("{head}\r\n\r\n{value}\r\n").bytes());
                }
                let head = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
                body.extend(format!("{head}\r\nContent-Type: image/png\r\n\r\n").bytes());
                body.append(bytes);
                body.extend(b"\r\n--b--\r\n");
                (Some("multipart/form-data; boundary=b"), body.into())
            }
            Sent::Raw(media_type, bytes) => (Some(*media_type), std::mem::take(bytes).into()),
        }
    }

    /// Holds an answer against what the document says of it, and keeps it.
    fn hold(&mut self, status: u16, described: &Value, answer: &Answer, is_shared: bool) {
        let (what, key) = (format!("{} {status}", self.operation), status.to_string());
        let response = &described["responses"][&key];
        if !response.is_object() {
            self.play.faults.push(format!("{what} is not described"));
            return;
        }
        let name = response["$ref"].as_str().map(|reference| reference.rsplit('/').next().unwrap().to_owned());
        assert_eq!(name.is_some(), is_shared, "{what}: shared or its own");
        let response = self.play.followed(response);
        let media_type = answer.headers.get("content-type").map(|value| value.to_str().unwrap());
        let media_type = media_type.map(|value| value.split(';').next().unwrap().to_owned());
        let mut body = None;
        if !answer.body.is_empty() {
            let media_type = media_type.unwrap();
            let content = &response["content"][&media_type];
            if !content.is_object() {
                self.play.faults.push(format!("{what} is {media_type}, which is not described"));
            }
            if is_json(&media_type) {
                let value = self.play.told(&answer.json());
                self.play.hold(&content["schema"], &value, &what);
                body = Some(value);
            }
        }
        self.play.played.insert((self.operation.clone(), key.clone()));
        match name {
            Some(name) => {
                self.play.problems.entry(name).or_insert(body.unwrap());
            }
            None => self.keep(status, described, &key, body),
        }
    }

    fn keep(&mut self, status: u16, described: &Value, key: &str, body: Option<Value>) {
        let sent = match &self.sent {
            Sent::Json(value) => Some(("application/json", value)),
            Sent::Form(fields) => Some(("application/x-www-form-urlencoded", fields)),
            Sent::Nothing | Sent::File { .. } | Sent::Raw(..) => None,
        };
        let sent = sent.filter(|_| status < 400).map(|(media_type, value)| (media_type, self.play.told(value)));
        if let Some((media_type, value)) = &sent {
            let schema = &described["requestBody"]["content"][media_type]["schema"];
            self.play.hold(schema, value, &format!("what is sent to {}", self.operation));
        }
        let empty = || json!({ "parameters": {}, "sent": {}, "answered": {} });
        let example = self.play.examples.entry(self.operation.clone()).or_insert_with(empty);
        // The values that led to the first success are the example.
        let is_first = example["answered"].as_object().is_some_and(Map::is_empty) && status < 400;
        if is_first {
            for (name, value) in &self.values {
                example["parameters"][*name] = value.clone();
            }
        }
        if let Some((media_type, value)) = sent
            && example["sent"][media_type].is_null()
        {
            example["sent"][media_type] = value;
        }
        if let Some(body) = body.filter(|_| example["answered"][key].is_null()) {
            example["answered"][key] = body;
        }
    }
}

pub fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// A value as it stands in an address or a form.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
