//! What time alone brings: heartbeats, expiring tokens, readers that stay away.

use loquat_protocol::{Action, ErrorCode, ErrorInfo, ProtocolMessage};
use loquat_ws::{Opcode, server_frame};

use super::Shard;
use crate::{Now, Slot};

/// How often [`Shard::tick`] wants to be called, in milliseconds.
pub const TICK_MS: u64 = 500;

impl Shard {
    /// Looks after every connection. Call every [`TICK_MS`].
    pub fn tick(&mut self, now: Now) {
        for slot in self.slots() {
            self.check_rights(now, slot);
            self.cut_off_stalled(now, slot);
            self.keep_alive(now, slot);
        }
    }

    fn keep_alive(&mut self, now: Now, slot: Slot) {
        let usual_ms = self.limits.idle_interval_ms;
        let Some(connection) = self.connection_mut(slot) else { return };
        // Early by two ticks, so that the promise holds on the way too.
        let quiet_ms_max = connection.idle_interval_ms.unwrap_or(usual_ms).saturating_sub(2 * TICK_MS);
        let quiet_ms = now.mono_ms.saturating_sub(connection.written_ms);
        if quiet_ms < quiet_ms_max || connection.blocked_since_ms.is_some() {
            return;
        }
        connection.written_ms = now.mono_ms;
        if connection.heartbeats {
            self.send(slot, &ProtocolMessage::new(Action::Heartbeat));
        } else {
            self.write_frame(slot.index, server_frame(Opcode::Ping, b""));
        }
    }

    pub(super) fn check_rights(&mut self, now: Now, slot: Slot) {
        let lead = self.limits.reauth_lead_ms;
        let Some(connection) = self.connection_mut(slot) else { return };
        if let Some(error) = connection.rights.revoked(now.wall_ms) {
            // Of a token error the client is told to come back with another token (RTN15h).
            let is_token_error = (40_140..40_150).contains(&error.code);
            let action = if is_token_error { Action::Disconnected } else { Action::Error };
            // Where nothing is permitted any more nobody is present either, whatever their grace.
            self.check_members(slot);
            return self.fail(slot, action, error);
        }
        let Some(expires) = connection.rights.expires_ms() else { return };
        // A token that lives hardly longer than the lead is renewed half-way: asking at once would never end.
        let lead = lead.min(expires.saturating_sub(now.wall_ms) / 2);
        let reauth_at = *connection.reauth_at_ms.get_or_insert(expires - lead);
        if expires <= now.wall_ms {
            let error = ErrorInfo::new(
                ErrorCode::TokenExpired,
                "the connection's token has expired; reconnect with a new one",
            );
            self.fail(slot, Action::Disconnected, error);
        } else if reauth_at <= now.wall_ms {
            connection.reauth_at_ms = Some(u64::MAX);
            // RTN22: the client is asked for a new token while the old one still works.
            self.send(slot, &ProtocolMessage::new(Action::Auth));
        }
    }
}
