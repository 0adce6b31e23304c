//! The connection to the cluster: the only room that knows the driver's connecting and requesting.

mod connect;

use std::time::Duration;

use async_nats::{Client, HeaderMap, Message, Request, RequestErrorKind, Subscriber};
use bytes::Bytes;
use loquat_log::{LogError, LogErrorKind};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::watch;

use crate::wire::ApiError;

/// How long an ordinary request may take.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);

/// Why there is no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Lost {
    /// Nobody listens: the request reached no stream.
    NobodyListens,
    /// The message is larger than a server takes: it was not sent.
    TooLarge,
    /// It may or may not have arrived.
    Unanswered(&'static str),
}

/// Why a JetStream request failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// There is no answer.
    Lost(Lost),
    /// The answer is no.
    Refused(ApiError),
    /// The answer makes no sense.
    Garbled(String),
}

impl Failure {
    /// The `err_code` of a refusal, 0 otherwise.
    pub(crate) fn err_code(&self) -> u16 {
        if let Self::Refused(error) = self { error.err_code } else { 0 }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lost(Lost::NobodyListens) => {
                f.write_str("nobody answers: JetStream is off or has no leader")
            }
            Self::Lost(Lost::TooLarge) => f.write_str("the message is larger than the server takes"),
            Self::Lost(Lost::Unanswered(why)) => f.write_str(why),
            Self::Refused(error) => write!(f, "{} (JetStream error {})", error.description, error.err_code),
            Self::Garbled(why) => write!(f, "unexpected answer: {why}"),
        }
    }
}

impl From<Failure> for LogError {
    fn from(failure: Failure) -> Self {
        LogError::new(LogErrorKind::Unavailable, failure.to_string())
    }
}

/// A connection that reconnects by itself.
pub(crate) struct Link {
    client: Client,
    /// Changes whenever the connection was lost, made again, or too slow: what was subscribed to may have holes.
    doubts: watch::Receiver<u64>,
}

impl Link {
    /// The name and version of the server that we are connected to.
    pub(crate) fn server(&self) -> (String, String) {
        let info = self.client.server_info();
        (info.server_name, info.version)
    }

    /// The largest message that the server takes, headers included.
    pub(crate) fn message_bytes_max(&self) -> usize {
        self.client.max_payload()
    }

    /// Notices when what was subscribed to may have holes.
    pub(crate) fn doubts(&self) -> watch::Receiver<u64> {
        self.doubts.clone()
    }

    /// Sends a request and waits for the answer.
    pub(crate) async fn request(
        &self,
        subject: String,
        headers: Option<HeaderMap>,
        payload: Bytes,
        timeout: Duration,
    ) -> Result<Message, Lost> {
        let mut request = Request::new().payload(payload).timeout(Some(timeout));
        if let Some(headers) = headers {
            request = request.headers(headers);
        }
        // The driver's own time-out starts after the request was handed over, which blocks while there is no link.
        let answer = tokio::time::timeout(timeout, self.client.send_request(subject, request)).await;
        match answer.map_err(|_| Lost::Unanswered("no answer in time"))? {
            Ok(message) => Ok(message),
            Err(error) => Err(match error.kind() {
                RequestErrorKind::NoResponders => Lost::NobodyListens,
                RequestErrorKind::MaxPayloadExceeded => Lost::TooLarge,
                RequestErrorKind::TimedOut => Lost::Unanswered("no answer in time"),
                _ => Lost::Unanswered("the connection to the cluster was lost"),
            }),
        }
    }

    /// Sends a JetStream API request.
    pub(crate) async fn api<T: DeserializeOwned>(
        &self,
        subject: String,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let garbled = |error: serde_json::Error| Failure::Garbled(error.to_string());
        let body = serde_json::to_vec(body).map_err(garbled)?;
        let answer =
            self.request(subject, None, body.into(), REQUEST_TIMEOUT).await.map_err(Failure::Lost)?;
        let value: serde_json::Value = serde_json::from_slice(&answer.payload).map_err(garbled)?;
        match value.get("error") {
            Some(error) => Err(Failure::Refused(serde_json::from_value(error.clone()).map_err(garbled)?)),
            None => serde_json::from_value(value).map_err(garbled),
        }
    }

    /// Sends a message without waiting for anything but room in the connection's buffer.
    pub(crate) async fn publish(
        &self,
        subject: String,
        headers: HeaderMap,
        payload: Bytes,
    ) -> Result<(), Lost> {
        let publish = self.client.publish_with_headers(subject, headers, payload);
        let lost = Lost::Unanswered("the connection to the cluster was lost");
        match tokio::time::timeout(REQUEST_TIMEOUT, publish).await {
            Ok(sent) => sent.map_err(|_| lost),
            Err(_) => Err(lost),
        }
    }

    /// Subscribes, and waits until the server knows it.
    pub(crate) async fn subscribe(&self, subject: String) -> Result<Subscriber, Lost> {
        let lost = Lost::Unanswered("the connection to the cluster was lost");
        let subscribed = async {
            let subscriber = self.client.subscribe(subject).await.map_err(|_| lost.clone())?;
            self.client.flush().await.map_err(|_| lost.clone())?;
            Ok(subscriber)
        };
        tokio::time::timeout(REQUEST_TIMEOUT, subscribed).await.unwrap_or(Err(lost.clone()))
    }

    /// Sends a request that is answered by several messages.
    pub(crate) async fn request_many(&self, subject: String, payload: Bytes) -> Result<Subscriber, Lost> {
        let lost = Lost::Unanswered("the connection to the cluster was lost");
        let asked = async {
            let inbox = self.client.new_inbox();
            let answers = self.client.subscribe(inbox.clone()).await.map_err(|_| lost.clone())?;
            self.client.publish_with_reply(subject, inbox, payload).await.map_err(|_| lost.clone())?;
            Ok(answers)
        };
        tokio::time::timeout(REQUEST_TIMEOUT, asked).await.unwrap_or(Err(lost.clone()))
    }
}
