//! The services' common ground.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use loquat_auth::{Entropy, Passwords, PersonStandings};
use loquat_store::people::PeopleStore;
use parking_lot::Mutex;

use crate::{
    ChatError, Options, PasswordKeeper, Ports,
    limits::Limits,
    live::{Live, SessionStanding},
    passwords::Argon2Keeper,
    secret::new_secret,
    turn::Seen,
};

/// Tells the time: milliseconds since 1970. May jump.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The services of the chat product. See the crate's documentation.
pub struct Chat {
    pub(crate) store: Arc<dyn PeopleStore>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) clock: Clock,
    pub(crate) ports: Arc<dyn Ports>,
    pub(crate) passwords: Arc<dyn PasswordKeeper>,
    pub(crate) options: Options,
    pub(crate) live: Arc<Live>,
    pub(crate) limits: Arc<Limits>,
    /// Changes come one at a time; see [`crate::turn`].
    pub(crate) turns: Mutex<Seen>,
    pub(crate) setup_code: String,
    /// Whether there was an administrator when somebody looked last; it never becomes untrue again.
    pub(crate) is_set_up: AtomicBool,
    /// Logins whose owners asked for help, to be looked up by [`Chat::refresh_if_changed`]: the answer must not wait.
    pub(crate) cries: Mutex<VecDeque<Box<str>>>,
    /// Standings of people who were given a token and are about to connect, until when.
    pub(crate) expected: Mutex<VecDeque<(u64, Arc<SessionStanding>)>>,
}

impl Chat {
    /// The services over a store. Blocks.
    ///
    /// # Errors
    /// The store's; `Internal` without random bytes or with impossible parameters for passwords.
    pub fn new(
        store: Arc<dyn PeopleStore>,
        entropy: Arc<dyn Entropy>,
        clock: Clock,
        ports: Arc<dyn Ports>,
        options: Options,
    ) -> Result<Arc<Self>, ChatError> {
        let passwords = Passwords::new(options.passwords, &*entropy)?;
        let passwords = Arc::new(Argon2Keeper { passwords, entropy: Arc::clone(&entropy) });
        Self::with_passwords(store, entropy, clock, ports, passwords, options)
    }

    /// The same with other hands for passwords.
    ///
    /// # Errors
    /// See [`Self::new`].
    pub fn with_passwords(
        store: Arc<dyn PeopleStore>,
        entropy: Arc<dyn Entropy>,
        clock: Clock,
        ports: Arc<dyn Ports>,
        passwords: Arc<dyn PasswordKeeper>,
        options: Options,
    ) -> Result<Arc<Self>, ChatError> {
        let (setup_code, _) = new_secret(&*entropy, "")?;
        let seen = Seen::begin(&*store)?;
        let is_set_up = AtomicBool::new(store.count_administrators()? > 0);
        let limits = Arc::new(Limits::new(options.limits.clone(), Arc::clone(&ports)));
        Ok(Arc::new(Self {
            live: Arc::new(Live::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&limits))),
            limits,
            turns: Mutex::new(seen),
            cries: Mutex::default(),
            expected: Mutex::default(),
            store,
            entropy,
            clock,
            ports,
            passwords,
            options,
            setup_code,
            is_set_up,
        }))
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Whom the realtime layer asks for people's rights: to be handed to the authenticator.
    pub fn standings(&self) -> Arc<dyn PersonStandings> {
        Arc::clone(&self.live) as Arc<dyn PersonStandings>
    }

    /// Whether the server still waits for its first administrator. Blocks only as long as it does.
    ///
    /// # Errors
    /// The store's.
    pub fn needs_setup(&self) -> Result<bool, ChatError> {
        if self.is_set_up.load(Ordering::Acquire) {
            return Ok(false);
        }
        let is_set_up = self.store.count_administrators()? > 0;
        self.is_set_up.store(is_set_up, Ordering::Release);
        Ok(!is_set_up)
    }

    /// The code by which the first administrator's account is made; one per process, `None` once there is one.
    ///
    /// # Errors
    /// The store's.
    pub fn setup_code(&self) -> Result<Option<String>, ChatError> {
        Ok(self.needs_setup()?.then(|| self.setup_code.clone()))
    }

    pub(crate) fn now_ms(&self) -> u64 {
        (self.clock)()
    }
}
