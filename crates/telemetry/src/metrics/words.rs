//! The closed label values of the catalogue.

use super::WordLabel;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident($label:literal) { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl WordLabel for $name {
            const NAME: &'static str = $label;
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            fn index(self) -> usize {
                self as usize
            }
        }
    };
}

words! {
    /// Why a connection ended.
    CloseReason("reason") {
        /// The client said CLOSE or DISCONNECT.
        Client = "client",
        /// The socket ended or failed without a word.
        Dropped = "dropped",
        /// Nothing could be written or heard for too long.
        Timeout = "timeout",
        /// The token expired, was revoked, or no longer fits.
        Auth = "auth",
        /// Bytes that are no frame, or a frame above the limit.
        Protocol = "protocol",
        /// Too far behind the live stream.
        Behind = "behind",
        /// Published faster than allowed, again and again.
        Flood = "flood",
        /// The same connection came back on another socket.
        Superseded = "superseded",
        /// The node stops.
        Shutdown = "shutdown",
        /// A fault of ours.
        Internal = "internal",
    }
}

words! {
    /// Why a connection was turned away.
    RefusedReason("reason") {
        /// The node's budget of connections is spent.
        Full = "full",
        /// The address's budget of connections is spent.
        AddressFull = "address_full",
        /// The address opens connections too fast.
        AddressRate = "address_rate",
        /// TLS, head or upgrade took too long.
        Timeout = "timeout",
        /// TLS or HTTP that can't be understood.
        Malformed = "malformed",
        /// No valid key or token.
        Auth = "auth",
        /// The node is stopping.
        Shutdown = "shutdown",
    }
}

words! {
    /// Where a reader that fell behind found what it missed.
    CatchUp("from") {
        /// In the ring of recent messages.
        Ring = "ring",
        /// In the log.
        Log = "log",
        /// In history.
        History = "history",
    }
}

words! {
    /// What was refused for coming too fast or too often.
    RateLimit("what") {
        /// A publish.
        Publish = "publish",
        /// A handshake.
        Handshake = "handshake",
        /// An attach above the number of channels.
        Channels = "channels",
        /// An enter above the number of members.
        Members = "members",
        /// A REST request.
        Request = "request",
    }
}

words! {
    /// What became of a sign-in.
    SignIn("result") {
        /// Signed in.
        Ok = "ok",
        /// No such account, or another password: nobody is told which.
        Wrong = "wrong",
        /// The right password of an account that is deactivated.
        Deactivated = "deactivated",
        /// Not even tried: too many before it were wrong.
        Limited = "limited",
    }
}

words! {
    /// What the chat product refuses for coming too often.
    ChatLimit("what") {
        /// A sign-in, or the current password where it is asked for.
        SignIn = "sign_in",
        /// A new account.
        SignUp = "sign_up",
        /// Asking for a way back in, or using one.
        Recovery = "recovery",
        /// Looking at invitations that aren't there.
        Invitation = "invitation",
        /// Another e-mail address for one's account.
        Email = "email",
        /// Messages.
        Messages = "messages",
        /// Presence and ephemeral messages.
        Passing = "passing",
        /// Changes of profiles, rooms and memberships.
        Changes = "changes",
        /// Bringing others into rooms.
        Additions = "additions",
    }
}

words! {
    /// What a request to `/api/v1` is about, by its path.
    ApiRoute("route") {
        /// The server and the API's document.
        Server = "server",
        /// Set-up, sign-up, sign-in, sign-out, recovery.
        Entrance = "entrance",
        /// One's own account, sessions and tokens.
        Me = "me",
        /// One's own rooms and read markers.
        MyRooms = "my_rooms",
        /// Other people.
        People = "people",
        /// Rooms.
        Rooms = "rooms",
        /// Who is in a room.
        Members = "members",
        /// Saying something.
        Messages = "messages",
        /// Invitations.
        Invitations = "invitations",
        /// What administrators do.
        Administration = "administration",
        /// Whatever there isn't.
        Other = "other",
    }
}

words! {
    /// The promises that production watches; see ARCHITECTURE.md.
    Law("law") {
        /// An acknowledged message survives.
        Dur1 = "DUR-1",
        /// A message id is stored once.
        Dup1 = "DUP-1",
        /// One order, rising serials.
        Ord1 = "ORD-1",
        /// No silent gap.
        Gap1 = "GAP-1",
        /// History and live meet without overlap.
        Cut1 = "CUT-1",
        /// The last message arrives without a next one.
        Tail1 = "TAIL-1",
        /// Everything has a bound.
        Mem1 = "MEM-1",
        /// Presence converges.
        Prs1 = "PRS-1",
        /// Every operation is authorised when it happens.
        Sec1 = "SEC-1",
    }
}
