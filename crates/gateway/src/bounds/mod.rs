//! What holds for every request, whichever part of the server it is for: it names one host, and what requests and
//! answers of everybody together hold of the memory has a bound.
//!
//! * `arriving`: bodies of requests. `outgoing`: answers on their way out. `pool`: how both are counted.

mod arriving;
mod outgoing;
mod pool;

use std::{fmt, net::Ipv4Addr, sync::Arc};

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use http::{HeaderValue, header, request::Parts};
use loquat_protocol::ErrorInfo;

pub use self::arriving::Asking;
use self::{arriving::Arriving, outgoing::Outgoing};
use crate::{
    budget::network,
    front, host,
    rest::{self, Exchange},
    state::{Peer, State},
};

/// Tells whether a request comes from somebody who is known, by its head.
#[derive(Clone)]
pub struct Knows(Arc<dyn Fn(Parts) -> Asking + Send + Sync>);

impl Knows {
    /// Knows as this says.
    pub fn new<F: Future<Output = bool> + Send + 'static>(
        knows: impl Fn(Parts) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |parts| Box::pin(knows(parts))))
    }
}

impl fmt::Debug for Knows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Knows")
    }
}

/// What differs between requests of the realtime API and those of what is served beside it.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    /// How a request is told that it is refused.
    pub refuse: Option<fn(ErrorInfo) -> Response>,
    /// Who is known.
    pub knows: Option<Knows>,
}

struct Bounds {
    state: State,
    beside: Manners,
    arriving: Arriving,
    outgoing: Outgoing,
}

/// The bounds around all routes of a listener. `beside`: for requests that are not the realtime API's.
pub fn around(routes: Router, state: State, beside: Manners) -> Router {
    let (arriving, outgoing) = Default::default();
    let bounds = Arc::new(Bounds { state, beside, arriving, outgoing });
    let hold = move |request, next| hold(Arc::clone(&bounds), request, next);
    routes.layer(middleware::from_fn(hold))
}

async fn hold(bounds: Arc<Bounds>, mut request: Request, next: Next) -> Response {
    let exchange = Exchange::of(request.headers(), request.uri());
    request.extensions_mut().insert(exchange);
    let is_beside = !front::is_realtime(request.uri().path());
    let refuse = bounds.beside.refuse.filter(|_| is_beside);
    let error = match bounds.answer(request, next, is_beside).await {
        Ok(response) => return response,
        Err(error) => error,
    };
    let mut response = match refuse {
        Some(refuse) => refuse(error),
        None => rest::refuse(exchange, &error).await,
    };
    // Nobody reads what else the request brings.
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

impl Bounds {
    async fn answer(&self, request: Request, next: Next, is_beside: bool) -> Result<Response, ErrorInfo> {
        host::check(request.version(), request.headers())?;
        let address = request.extensions().get().map(|peer: &Peer| peer.address.ip());
        let client = network(address.unwrap_or(Ipv4Addr::UNSPECIFIED.into()));
        let is_known = |request: &Request| self.is_known(request, is_beside);
        let (request, counted) = self.arriving.count(client, request, is_known);
        let response = next.run(request).await;
        match counted.and_then(|counted| counted.refusal()) {
            Some(error) => Err(error),
            None => self.outgoing.count(client, response).await,
        }
    }

    fn is_known(&self, request: &Request, is_beside: bool) -> Asking {
        let parts = head_of(request);
        if let Some(Knows(knows)) = self.beside.knows.as_ref().filter(|_| is_beside) {
            return knows(parts);
        }
        let state = self.state.clone();
        Box::pin(async move { rest::is_known(&state, &parts) })
    }
}

fn head_of(request: &Request) -> Parts {
    let mut head = Request::new(());
    *head.method_mut() = request.method().clone();
    *head.uri_mut() = request.uri().clone();
    *head.headers_mut() = request.headers().clone();
    *head.extensions_mut() = request.extensions().clone();
    head.into_parts().0
}
