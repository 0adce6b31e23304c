//! New accounts.

use loquat_protocol::ErrorCode;
use loquat_store::people::{Admission, CreatePerson, Invitation, Person, PersonRole, RoomId};

use super::{NewAccount, SignedIn};
use crate::{
    Chat, ChatError, Count, SignUp, Visitor,
    limits::Door,
    rights::{Place, RoomAction, decide},
};

impl Chat {
    /// Makes an account and signs its owner in, as the server's policy permits. `invitation`: the code of a link, to the
    /// server or to a room; to a room, it makes them a member as well.
    ///
    /// # Errors
    /// `SignUpClosed` (also before the set-up), `InvitationNeeded`, `InvitationUnknown`, `InvitationExpired`,
    /// `InvitationUsedUp`; `RoomArchived`; `TooManyAttempts`; `HandleTaken`, `EmailTaken` and what is wrong with the account.
    pub fn sign_up(
        &self,
        visitor: &Visitor,
        new: &NewAccount,
        invitation: Option<&str>,
    ) -> Result<SignedIn, ChatError> {
        // Each counts, also those that succeed: accounts are cheap to make and dear to clean up.
        self.limits.attempt(Door::SignUp, visitor.address, None, self.now_ms())?;
        if self.needs_setup()? {
            return Err(ChatError::new(ErrorCode::SignUpClosed, "the server has no administrator yet"));
        }
        let invitation = self.admission(invitation)?;
        let checked = self.check_account(new, PersonRole::Member)?;
        let admission =
            invitation.as_ref().map_or(Admission::Free, |open| Admission::Invited(open.id.clone()));
        let room = invitation.and_then(|open| open.room);
        let mut turn = self.turn();
        if let Some(room) = &room {
            // An account without the room that it was made for would be a surprise, too.
            let found = turn.step(|store| store.room(room))?.ok_or(ErrorCode::InvitationUnknown)?;
            let (kind, archived) = (found.kind, found.archived_ms.is_some());
            let place = Place { role: None, administrator: false, kind, archived };
            decide(place, RoomAction::JoinInvited).require()?;
        }
        let created =
            turn.step(|store| store.create_person(&checked.person, &checked.password_hash, &admission))?;
        let person = match created {
            CreatePerson::Created(person) => person,
            CreatePerson::HandleTaken => return Err(handle_taken(&checked.person)),
            CreatePerson::EmailTaken => return Err(email_taken()),
            CreatePerson::InvitationUsedUp => return Err(ErrorCode::InvitationUsedUp.into()),
            CreatePerson::NotFirst => return Err(ErrorCode::SignUpClosed.into()),
        };
        self.ports.count(Count::AccountMade);
        if let Some(room) = &room {
            self.tell_of_newcomer(&person, room);
        }
        self.begin_session(&mut turn, visitor, &person, room)
    }

    fn admission(&self, code: Option<&str>) -> Result<Option<Invitation>, ChatError> {
        match (self.options.sign_up, code) {
            (SignUp::Closed, _) => Err(ErrorCode::SignUpClosed.into()),
            (SignUp::Invitation, None) => Err(ErrorCode::InvitationNeeded.into()),
            (SignUp::Open, None) => Ok(None),
            (SignUp::Open | SignUp::Invitation, Some(code)) => self.open_invitation(code).map(Some),
        }
    }

    /// Somebody whom nobody has seen before is in a room.
    fn tell_of_newcomer(&self, person: &Person, room: &RoomId) {
        match self.store.membership(room, &person.id) {
            Ok(Some(membership)) => self.tell_newcomer(&membership),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "an event about a new member is missing"),
        }
    }
}

pub(super) fn handle_taken(person: &Person) -> ChatError {
    let detail = format!("the handle '{}' is taken: choose another one", person.handle);
    ChatError::field(ErrorCode::HandleTaken, "handle", detail)
}

pub(super) fn email_taken() -> ChatError {
    ChatError::field(ErrorCode::EmailTaken, "email", "the e-mail address belongs to another account")
}
