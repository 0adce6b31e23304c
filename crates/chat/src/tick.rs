//! What is done every half second, beside the requests.

use crate::{Chat, ChatError, live::Refreshed};

/// Most expired sessions that are cleared away at once.
const EXPIRED_MAX: usize = 100;

impl Chat {
    /// To be called every 500 ms: brings open connections up to date with what another process has changed (SEC-1 within
    /// a second), looks up who asked for help, and clears away expired sessions. Blocks.
    ///
    /// # Errors
    /// The store's; what was left undone is done at the next call.
    pub fn refresh_if_changed(&self) -> Result<(), ChatError> {
        self.refresh()?;
        self.note_recoveries()?;
        self.forget_expected();
        let now_ms = self.now_ms();
        let mut turn = self.turn();
        for (person, session) in turn.step(|store| store.end_expired_sessions(now_ms, EXPIRED_MAX))? {
            self.sessions_ended(&person, &[session]);
        }
        Ok(())
    }

    fn refresh(&self) -> Result<(), ChatError> {
        let mut turn = self.turn();
        turn.look()?;
        if !turn.seen.foreign {
            return Ok(());
        }
        for person in self.live.everybody() {
            let Refreshed { rights, row } = self.live.refresh(&person)?;
            if let Some(row) = row {
                self.tell_person(&row);
            }
            if rights {
                self.ports.rights_changed(&person);
            }
        }
        turn.seen.foreign = false;
        Ok(())
    }
}
