//! Rights that have changed, for connections and for members without one (SEC-1).

use loquat_core::Changed;
use loquat_protocol::ClientId;

use super::Node;
use crate::shard::Command;

impl Node {
    /// The rights of a person's or client's connections have changed, or (`None`) perhaps everybody's: sessions that have
    /// ended, attachments and members that are no longer permitted end now. Nothing that is published or told after this
    /// call is delivered by rights that were lost before it (SEC-1). Quick; many calls at once cost one look.
    pub fn rights_changed(&self, client: Option<ClientId>) {
        self.mailboxes.iter().for_each(|mailbox| mailbox.rights_changed(client.clone()));
        let mut changed = Changed::default();
        changed.add(client);
        self.check_absences(&changed);
    }

    /// Ends every connection of principals that are no longer valid, now rather than at the next tick (SEC-1).
    pub fn recheck_rights(&self) {
        (0..self.mailboxes.len()).for_each(|shard| self.tell(shard, Command::Tick));
        self.check_absences(&Changed::Everybody);
    }

    /// Members who are present without a connection, for as long as it may come back, leave where they may not be.
    fn check_absences(&self, changed: &Changed) {
        for connection in self.presence().absent(changed) {
            self.check_absent(&connection, changed);
        }
    }

    /// The same for one connection. One that is back is looked at by its shard.
    pub(crate) fn check_absent(&self, connection: &str, changed: &Changed) {
        let now = self.clock().now();
        let leave = || self.presence().leave_forbidden(connection, changed, now.wall_ms);
        if let Some(changes) = self.registry().unless_live(connection, leave) {
            self.keep_presence(&changes);
        }
    }
}
