//! The logic of connections, channels, feed and presence: inputs and time in, effects out.
