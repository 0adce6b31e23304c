//! The one listener: accepts, serves HTTP/1.1, and lets go of what becomes a realtime connection.

use std::{
    io::{self, Write as _},
    net::{Shutdown, SocketAddr},
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{Request, Response, StatusCode, header, uri::Scheme};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use loquat_protocol::{ErrorCode, ErrorInfo, Format};
use loquat_telemetry::RefusedReason;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::{
    Certificates, State,
    bounds::{self, Manners},
    budget::{Budget, BudgetLimits, Share},
    front::{self, Site},
    host,
    proxies::{Forwarded, TrustedProxies},
    rest,
    stall::Stalling,
    state::Peer,
    upgrade::{self, is_debug_echo},
};

/// How a listener behaves.
#[derive(Clone, Copy, Debug)]
pub struct ListenerOptions {
    /// The budgets of connections.
    pub budget: BudgetLimits,
    /// Time for TLS, the request head and the upgrade.
    pub handshake_timeout: Duration,
    /// How long the reader of an answer may take nothing of it before its connection is closed.
    pub stall_timeout: Duration,
    /// Largest request head, in bytes.
    pub head_bytes_max: usize,
    /// Whether `/debug/echo` sends back what it is sent, for tests of the WebSocket stack.
    pub debug_echo: bool,
}

/// The listener.
pub struct Listener {
    socket: TcpListener,
    router: Router,
    state: State,
    options: ListenerOptions,
    proxies: Arc<TrustedProxies>,
    budget: Arc<Budget>,
    certificates: Option<Arc<Certificates>>,
}

/// What a connection's requests share.
struct Session {
    router: Router,
    state: State,
    peer: Peer,
    proxies: Arc<TrustedProxies>,
    debug_echo: bool,
    /// The connection's part of the budget, until an upgrade takes it along.
    share: Mutex<Option<Share>>,
}

impl Listener {
    /// Binds the address.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn bind(
        address: SocketAddr,
        state: State,
        options: ListenerOptions,
        certificates: Option<Arc<Certificates>>,
    ) -> io::Result<Self> {
        let socket =
            socket2::Socket::new(socket2::Domain::for_address(address), socket2::Type::STREAM, None)?;
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(8_192)?;
        let socket = TcpListener::from_std(socket.into())?;
        let router = bounds::around(rest::router(state.clone()), state.clone(), Manners::default());
        let (proxies, budget) = (Arc::default(), Budget::new(options.budget));
        Ok(Self { socket, router, state, options, proxies, budget, certificates })
    }

    /// Takes the word of these proxies about the clients they bring.
    pub fn behind(self, proxies: TrustedProxies) -> Self {
        Self { proxies: Arc::new(proxies), ..self }
    }

    /// Serves this too, beside the realtime API.
    pub fn with_site(self, site: Site) -> Self {
        let manners = site.manners.clone();
        let routes = front::router(rest::router(self.state.clone()), site);
        Self { router: bounds::around(routes, self.state.clone(), manners), ..self }
    }

    /// The address that is bound.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Accepts until `stop` turns true, then lets requests finish for as long as `grace`.
    pub async fn run(self, mut stop: watch::Receiver<bool>, grace: Duration) {
        let mut sessions = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
                Some(_) = sessions.join_next(), if !sessions.is_empty() => continue,
            };
            match accepted {
                Ok((stream, address)) => self.accept(&mut sessions, stream, address, &stop),
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be accepted; trying again");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(self.socket);
        drop(timeout(grace, async { while sessions.join_next().await.is_some() {} }).await);
    }

    fn accept(
        &self,
        sessions: &mut JoinSet<()>,
        stream: TcpStream,
        address: SocketAddr,
        stop: &watch::Receiver<bool>,
    ) {
        let metrics = self.state.metrics();
        let share = match self.proxies.trusts(address.ip()) {
            true => self.budget.take_for_proxy(),
            false => self.budget.take(address.ip(), Instant::now()),
        };
        let share = match share {
            Ok(share) => share,
            Err(reason) => {
                metrics.connections_refused.of(reason).inc();
                if self.certificates.is_none() {
                    turn_away(stream, reason);
                }
                return;
            }
        };
        if let Err(error) = prepare(&stream) {
            return tracing::debug!(%error, "a connection cannot be prepared");
        }
        let local = stream.local_addr().unwrap_or(address);
        let peer = Peer { address, local, tls: self.certificates.is_some() };
        let session = Session {
            router: self.router.clone(),
            state: self.state.clone(),
            peer,
            proxies: Arc::clone(&self.proxies),
            debug_echo: self.options.debug_echo,
            share: Mutex::new(Some(share)),
        };
        let options = self.options;
        let stopped = stopped(stop.clone());
        match &self.certificates {
            None => drop(sessions.spawn(serve(stream, session, options, stopped))),
            Some(certificates) => {
                let acceptor = TlsAcceptor::from(certificates.config());
                let refused = Arc::clone(metrics);
                sessions.spawn(async move {
                    match timeout(options.handshake_timeout, acceptor.accept(stream)).await {
                        Ok(Ok(stream)) => serve(stream, session, options, stopped).await,
                        Ok(Err(_)) => {
                            refused.connections_refused.of(RefusedReason::Malformed).inc();
                        }
                        Err(_) => {
                            refused.connections_refused.of(RefusedReason::Timeout).inc();
                        }
                    }
                });
            }
        }
    }
}

/// Says why a connection is not served, if the socket takes it at once: whoever is over a budget is not waited for.
fn turn_away(stream: TcpStream, reason: RefusedReason) {
    let (status, body) = refusal(reason);
    let reason = status.canonical_reason().unwrap_or_default();
    let (status, length, media) = (status.as_u16(), body.len(), Format::Json.content_type());
    let head = format!(
        "HTTP/1.1 {status} {reason}\r\nConnection: close\r\nRetry-After: 1\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n"
    );
    let Ok(mut stream) = stream.into_std() else { return };
    // What is refused may be lost on the way: it is closed all the same.
    drop(stream.write(&[head.as_bytes(), &body].concat()));
    drop(stream.shutdown(Shutdown::Write));
}

/// The same to a client whose connection a proxy holds.
fn turned_away(reason: RefusedReason) -> Response<Body> {
    let (status, body) = refusal(reason);
    let response = Response::builder()
        .status(status)
        .header(header::CONNECTION, "close")
        .header(header::RETRY_AFTER, "1")
        .header(header::CONTENT_TYPE, Format::Json.content_type());
    response.body(Body::from(body)).unwrap_or_default()
}

fn refusal(reason: RefusedReason) -> (StatusCode, Vec<u8>) {
    let (status, code, text) = match reason {
        RefusedReason::AddressRate => (
            StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::RateLimited,
            "too many new connections from this address; try again later",
        ),
        RefusedReason::AddressFull => (
            StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::ConnectionBlocked,
            "too many connections from this address",
        ),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::Unavailable,
            "the server has as many connections as it may; try again later",
        ),
    };
    (status, Format::Json.encode(&Failure { error: ErrorInfo::new(code, text) }))
}

#[derive(Serialize)]
struct Failure {
    error: ErrorInfo,
}

/// A peer whose machine is gone is noticed by TCP: what is not taken for 30 s ends the connection, and heartbeats make
/// sure that there is something to take.
fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(Duration::from_secs(30)))
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    session: Session,
    options: ListenerOptions,
    stopped: impl Future<Output = ()>,
) {
    let session = Arc::new(session);
    let io = TokioIo::new(Stalling::new(stream, options.stall_timeout));
    let service = service_fn(move |request| handle(Arc::clone(&session), request));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.handshake_timeout)
        .max_buf_size(options.head_bytes_max.max(8_192))
        .serve_connection(io, service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let served = tokio::select! {
        served = &mut connection => served,
        () = stopped => {
            // A request that runs is answered; a connection that is only kept alive ends now, whenever its client would.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn handle(
    session: Arc<Session>,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let mut request = request.map(Body::new);
    let realtime = request.uri().path() == "/" || (session.debug_echo && is_debug_echo(request.uri()));
    let Peer { address, local, tls } = session.peer;
    let Forwarded { address, tls } = session.proxies.client(address, tls, request.headers());
    let is_addressed = host::check(request.version(), request.headers()).is_ok();
    if realtime && is_addressed && loquat_ws::handshake::wants_upgrade(request.headers()) {
        return Ok(session.upgrade(request, address));
    }
    let extensions = request.extensions_mut();
    extensions.insert(ConnectInfo(address));
    extensions.insert(if tls { Scheme::HTTPS } else { Scheme::HTTP });
    extensions.insert(Peer { address, local, tls });
    let began = Instant::now();
    let response = session.router.clone().oneshot(request).await?;
    session.state.metrics().http_seconds.observe(began.elapsed().as_secs_f64());
    session.state.metrics().http_request(response.status().as_u16());
    Ok(response)
}

impl Session {
    /// Hands the connection to a shard, as one of the client's.
    fn upgrade(&self, request: Request<Body>, client: SocketAddr) -> Response<Body> {
        // Before the share is taken: what is refused leaves a connection that goes on, and must be counted.
        let checked = match upgrade::check(&request) {
            Ok(checked) => checked,
            Err(error) => return upgrade::refused(error),
        };
        let Some(share) = self.share.lock().take() else {
            return Response::builder()
                .status(StatusCode::BAD_REQUEST)
                .body(Body::empty())
                .unwrap_or_default();
        };
        match share.give(client.ip(), Instant::now()) {
            Ok(share) => upgrade::upgrade(&self.state, request, &checked, share),
            Err(reason) => {
                self.state.metrics().connections_refused.of(reason).inc();
                turned_away(reason)
            }
        }
    }
}
