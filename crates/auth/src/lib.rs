//! Who is asking and what they may do: API keys, tokens, JWTs, connection keys.
