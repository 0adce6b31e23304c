//! A channel's history over REST, all of its pages.

use std::{io, net::SocketAddr};

use loquat_protocol::{Format, Message};

use crate::{
    client::Received,
    http::{self, escape},
};

/// Everything that history has of a channel, in the order in which it gives it. `query`: more of the query, such as
/// `&from_serial=…`.
///
/// # Errors
/// When the server is away or the answer isn't history.
pub fn read(server: SocketAddr, channel: &str, direction: &str, query: &str) -> io::Result<Vec<Received>> {
    let folder = format!("/channels/{}", escape(channel));
    let mut path = format!("{folder}/messages?limit=1000&direction={direction}{query}");
    let mut all = Vec::new();
    loop {
        let answer = http::get(server, &path)?;
        if answer.status != 200 {
            return Err(io::Error::other(format!("history answers {}", answer.status)));
        }
        let messages: Vec<Message> =
            Format::Json.decode(&answer.body).map_err(|error| io::Error::other(error.to_string()))?;
        for message in &messages {
            all.push(received(message).ok_or_else(|| io::Error::other(format!("in history: {message:?}")))?);
        }
        match answer.header("link").find_map(next) {
            Some(word) => path = format!("{folder}/{word}"),
            None => return Ok(all),
        }
    }
}

fn received(message: &Message) -> Option<Received> {
    let serial = message.serial.as_ref()?.parse().ok()?;
    Some(Received { serial, number: crate::client::number_of(message)? })
}

/// The next page of `<./word?query>; rel="next"` among others.
fn next(links: &str) -> Option<&str> {
    let link = links.split(',').find(|link| link.contains("rel=\"next\""))?;
    link.trim().strip_prefix("<./")?.split('>').next()
}
