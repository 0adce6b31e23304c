//! The chat product: rooms, and where links lead.

section! { "Chat", "chat.",
/// The chat product, on top of the realtime layer.
Chat {
    /// App whose channels are the rooms, so that API keys of this app see the rooms too.
    /// Unless given: the app of `root_key`, else `app`.
    app: Option<String>;
    /// Where people reach this server, such as `https://chat.example.org`, for links that it hands out.
    /// Give it where a proxy stands in front. Unless given: the address that each request names, and `listen` for
    /// what is printed.
    public_url: Option<String>;
    /// Rooms that one person may be a member of.
    max_rooms_per_person: u32 = "5000", in "1"..="1000000";
}}
