//! The chat product, put on top of a node.
//!
//! * `ports`: the node, as the services use it. `rooms`: the services, as a consumer of the node's log.
//! * `chores`: what is done by the clock. `counts`: metrics. `numbers`: what the administrator's page shows of the node.
//! * `links`: where links that the server prints lead.

mod chores;
mod counts;
mod links;
mod numbers;
mod ports;
mod rooms;

use std::sync::Arc;

use loquat_api::{ApiState, Options as ApiOptions};
use loquat_auth::OsEntropy;
use loquat_chat::{Chat, Clock, Options, RoomProjector, SignUp};
use loquat_config::Config;
use loquat_gateway::{Knows, Manners, Site};
use loquat_node::{Node, clock::wall_ms};
use loquat_protocol::AppId;
use loquat_store::people::PeopleStore;

pub use self::links::set_up_link;
use self::{chores::Chores, ports::NodePorts, rooms::Rooms};
use crate::error::CommandError;

/// The running chat product. Ended before the node: [`Self::stop`].
pub struct ChatProduct {
    services: Arc<Chat>,
    site: Site,
    chores: Chores,
}

impl ChatProduct {
    /// Starts it, before the node has a listener: people's tokens and rooms are known from the first connection on.
    ///
    /// # Errors
    /// In words.
    pub fn start(
        config: &Config,
        node: &Arc<Node>,
        people: Arc<dyn PeopleStore>,
    ) -> Result<Self, CommandError> {
        let options = options(config);
        let authenticator = node.authenticator();
        if !authenticator.has_app(&options.app) {
            authenticator
                .create_app(Some(options.app.clone()), &[], wall_ms())
                .map_err(CommandError::failed)?;
        }
        let ports = Arc::new(NodePorts::new(node, options.app.clone()));
        let services =
            Chat::new(people, Arc::new(OsEntropy), clock(), ports, options).map_err(CommandError::failed)?;
        authenticator.set_people(services.standings());
        let rooms = Rooms(RoomProjector::new(Arc::clone(&services)));
        node.consume(Arc::new(rooms)).map_err(CommandError::failed)?;
        let api = ApiState::new(
            Arc::clone(&services),
            Arc::clone(authenticator),
            numbers::of(node),
            clock(),
            api_options(config),
        );
        let known = api.clone();
        let knows = Knows::new(move |head| loquat_api::is_known(known.clone(), head));
        let manners = Manners { refuse: Some(loquat_api::refuse), knows: Some(knows) };
        let loquat_api::Site { routes, page } = loquat_api::site(api);
        let routes = counts::watched(routes, node.metrics());
        let chores = Chores::start(Arc::clone(&services), Arc::clone(node.metrics()));
        let chores = chores.map_err(CommandError::failed)?;
        let site = Site { routes, page: Some(page), manners };
        Ok(Self { services, site, chores })
    }

    /// What the listener serves of it.
    pub fn site(&self) -> Site {
        self.site.clone()
    }

    /// The code that makes the first administrator, while there is none.
    ///
    /// # Errors
    /// The store's.
    pub fn set_up_code(&self) -> Result<Option<String>, CommandError> {
        self.services.setup_code().map_err(CommandError::failed)
    }

    /// Ends what it does by itself.
    pub fn stop(self) {
        self.chores.stop();
    }
}

/// The services' time.
pub fn clock() -> Clock {
    Arc::new(wall_ms)
}

/// The services' options.
pub fn options(config: &Config) -> Options {
    let accounts = &config.accounts;
    Options {
        sign_up: match accounts.sign_up {
            loquat_config::SignUp::Open => SignUp::Open,
            loquat_config::SignUp::Invitation => SignUp::Invitation,
            loquat_config::SignUp::Closed => SignUp::Closed,
        },
        session_ttl_ms: accounts.session_ttl.as_millis() as u64,
        password_bytes_min: accounts.password_bytes_min as usize,
        rooms_per_person_max: config.chat.max_rooms_per_person as usize,
        message_bytes_max: config.realtime.max_message_bytes.as_usize(),
        ..Options::new(AppId::from_trusted(config.chat_app()))
    }
}

fn api_options(config: &Config) -> ApiOptions {
    ApiOptions {
        name: "Loquat".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        public_url: links::public_url(config),
        web_dir: config.server.web_dir.clone(),
    }
}
