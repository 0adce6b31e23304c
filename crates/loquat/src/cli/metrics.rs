//! Prometheus metrics on their own listener.

use std::{net::SocketAddr, sync::Arc};

use loquat_telemetry::Metrics;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
    time::{Duration, timeout},
};

use crate::error::CommandError;

/// Serves `/metrics` until `stop` turns true. One request per connection, one connection at a time: scrapers are few.
///
/// # Errors
/// When the address cannot be bound.
pub async fn serve(
    address: SocketAddr,
    metrics: Arc<Metrics>,
    mut stop: watch::Receiver<bool>,
) -> Result<JoinHandle<()>, CommandError> {
    let what = format!("metrics_listen {address}: cannot be bound");
    let listener = TcpListener::bind(address).await.map_err(CommandError::about(what))?;
    Ok(tokio::spawn(async move {
        loop {
            let stream = tokio::select! {
                accepted = listener.accept() => accepted.map(|(stream, _)| stream),
                _ = stop.changed() => break,
            };
            if let Ok(stream) = stream {
                drop(timeout(Duration::from_secs(5), answer(stream, &metrics)).await);
            }
        }
    }))
}

async fn answer(mut stream: TcpStream, metrics: &Metrics) -> std::io::Result<()> {
    let mut head = [0; 4_096];
    let mut length = 0;
    while length < head.len() && !head[..length].windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut head[length..]).await? {
            0 => return Ok(()),
            read => length += read,
        }
    }
    let wanted = head.starts_with(b"GET /metrics ") || head.starts_with(b"GET /metrics?");
    let (status, kind, body) = match wanted {
        true => ("200 OK", Metrics::content_type(), metrics.encode()),
        false => ("404 Not Found", "text/plain", "metrics are at /metrics\n".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}
