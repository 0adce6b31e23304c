//! Somebody who attached late: history until the attach, and what came live after it (CUT-1).

use std::net::SocketAddr;

use loquat_protocol::{Format, Serial};

use crate::{
    Client,
    client::{Options, Received, Records},
    history, wait_for,
};

/// What somebody who attached late has seen.
#[derive(Debug)]
pub struct Late {
    /// Where.
    pub channel: String,
    /// The attach.
    pub at: Serial,
    /// History until the attach, oldest first.
    pub before: Vec<Received>,
    /// What came live after it.
    pub records: Records,
}

/// Somebody who attached late and is still there.
pub(super) struct Latecomer {
    channel: String,
    at: Serial,
    before: Vec<Received>,
    client: Client,
}

impl Latecomer {
    /// Attaches now and reads history until then.
    ///
    /// # Panics
    /// When it doesn't come to that within 30 s.
    pub fn attach(server: SocketAddr, channel: String, format: Format) -> Self {
        let channels = vec![channel.clone()];
        let client = Client::start(Options { server, format, channels, in_flight: 1 });
        wait_for("a latecomer is attached", || {
            client.look(|records| records.channels.contains_key(&channel))
        });
        let at = client.look(|records| records.channels[&channel][0].after);
        let query = format!("&from_serial={at}");
        let mut before = history::read(server, &channel, "backwards", &query).expect("history until attach");
        before.reverse();
        Self { channel, at, before, client }
    }

    pub fn channel(&self) -> &str {
        &self.channel
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Leaves.
    pub fn finish(self) -> Late {
        let Self { channel, at, before, client } = self;
        Late { channel, at, before, records: client.finish() }
    }
}
