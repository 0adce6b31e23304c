//! What is done every half second, beside the requests.

use loquat_store::people::PersonId;

use crate::{Chat, ChatError};

/// How often expired sessions are cleared away, in milliseconds. They are of no use to anybody meanwhile.
const SWEEP_EVERY_MS: u64 = 60_000;
/// Most expired sessions that are cleared away at once.
const EXPIRED_MAX: usize = 1_000;
/// People read at once.
const PEOPLE_AT_ONCE: usize = 200;

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
        self.sweep()
    }

    fn sweep(&self) -> Result<(), ChatError> {
        let now_ms = self.now_ms();
        let mut turn = self.turn();
        if now_ms.abs_diff(turn.seen.swept_ms) < SWEEP_EVERY_MS {
            return Ok(());
        }
        for (person, session) in turn.step(|store| store.end_expired_sessions(now_ms, EXPIRED_MAX))? {
            self.sessions_ended(&person, &[session]);
        }
        turn.seen.swept_ms = now_ms;
        Ok(())
    }

    fn refresh(&self) -> Result<(), ChatError> {
        let mut turn = self.turn();
        let now = turn.look()?;
        if !turn.seen.foreign {
            return Ok(());
        }
        for person in self.live.everybody() {
            if self.live.refresh(&person)? {
                self.ports.rights_changed(&person);
            }
        }
        self.tell_of_people_since(turn.seen.looked)?;
        (turn.seen.foreign, turn.seen.looked) = (false, now);
        Ok(())
    }

    /// Whom the other process has changed, the store doesn't say: so everybody is looked at. It is a person at a command
    /// line, not a load.
    fn tell_of_people_since(&self, version: u64) -> Result<(), ChatError> {
        let mut after: Option<PersonId> = None;
        loop {
            let page = self.store.find_persons("", after.as_ref(), PEOPLE_AT_ONCE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id.clone());
            page.iter().filter(|person| person.version > version).for_each(|person| self.tell_person(person));
        }
    }
}
