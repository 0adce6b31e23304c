//! New rooms.

use loquat_protocol::ErrorCode;
use loquat_store::people::{CreateRoom, Membership, PersonId, Room, RoomId, RoomKind, RoomRole};

use crate::{Actor, Chat, ChatError, rights::Place, secret::id_bits, text, turn::Turn, views::ListingView};

/// Most people of a direct room, the one who makes it included.
const DIRECT_PEOPLE_MAX: usize = 9;
/// Most people who are members of a new room at once.
const FIRST_MEMBERS_MAX: usize = 200;

/// A room to be made, as somebody typed it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewRoom {
    /// Who finds it.
    pub kind: RoomKind,
    /// What it is to be called; of no account for a direct room.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
    /// Who is in it from the beginning, beside the one who makes it. For a direct room: with whom.
    pub members: Vec<PersonId>,
}

impl Chat {
    /// Makes a room, of which the actor is the owner; a direct room is found again if there is one of the same people.
    /// The room as the actor sees it, and whether it is new.
    ///
    /// # Errors
    /// `NameRefused`; `InvalidParameter` when a member isn't there or there are too many or, for a direct room, none;
    /// `LimitReached`; `TooManyAttempts` when the actor brings people into rooms faster than anybody needs to.
    pub fn create_room(&self, actor: &Actor, new: &NewRoom) -> Result<(ListingView, bool), ChatError> {
        let direct = new.kind == RoomKind::Direct;
        let name = if direct { String::new() } else { text::name("name", &new.name)? };
        let topic = if direct { String::new() } else { text::topic(&new.topic)? };
        let people = people_of(actor, new)?;
        let mut turn = self.turn_of(actor)?;
        if direct && let Some(room) = turn.step(|store| store.direct_room(&people))? {
            return Ok((self.listing_within(&mut turn, actor, &room.id)?, false));
        }
        for person in &people {
            self.active_person(&mut turn, person).map_err(|_| unknown_member(person))?;
            self.require_space(&mut turn, person)?;
        }
        let now_ms = self.now_ms();
        self.limits.additions(&actor.person, people.len() - 1, now_ms)?;
        let room = Room {
            id: RoomId::from_bits(id_bits(&*self.entropy)?),
            kind: new.kind,
            name,
            topic,
            created_by: actor.person.clone(),
            created_ms: now_ms,
            archived_ms: None,
            members: 0,
            messages: 0,
            last_serial: None,
            last_ms: None,
            version: 0,
        };
        let members: Vec<_> =
            people.iter().map(|person| first_member(&room, person, actor, now_ms)).collect();
        let room = match turn.step(|store| store.create_room(&room, &members))? {
            CreateRoom::Created(room) => room,
            CreateRoom::DirectExists(room) => {
                return Ok((self.listing_within(&mut turn, actor, &room.id)?, false));
            }
        };
        for membership in &members {
            let (role, kind) = (Some(membership.role), room.kind);
            let place = Place { role, administrator: false, kind, archived: false };
            self.live.set_place(&membership.person, &room.id, Some(place));
            self.tell_listing(&membership.person, &room.id);
        }
        Ok((self.listing_within(&mut turn, actor, &room.id)?, true))
    }

    fn listing_within(
        &self,
        turn: &mut Turn<'_>,
        actor: &Actor,
        room: &RoomId,
    ) -> Result<ListingView, ChatError> {
        let listing = turn.step(|store| store.listing_of(&actor.person, room))?;
        listing.map(Into::into).ok_or_else(ChatError::not_found)
    }
}

/// The people of a new room, each once, the actor first.
fn people_of(actor: &Actor, new: &NewRoom) -> Result<Vec<PersonId>, ChatError> {
    let refuse = |why: String| Err(ChatError::field(ErrorCode::InvalidParameter, "members", why));
    let most = if new.kind == RoomKind::Direct { DIRECT_PEOPLE_MAX } else { FIRST_MEMBERS_MAX };
    if new.members.len() > most {
        return refuse(format!("there are at most {most} people in it to begin with"));
    }
    let mut people = vec![actor.person.clone()];
    for person in &new.members {
        if !people.contains(person) {
            people.push(person.clone());
        }
    }
    match people.len() {
        1 if new.kind == RoomKind::Direct => refuse("a direct room needs somebody else".into()),
        count if count > most => refuse(format!("there are at most {most} people in it to begin with")),
        _ => Ok(people),
    }
}

fn first_member(room: &Room, person: &PersonId, actor: &Actor, now_ms: u64) -> Membership {
    let owns = room.kind != RoomKind::Direct && *person == actor.person;
    Membership {
        room: room.id.clone(),
        person: person.clone(),
        role: if owns { RoomRole::Owner } else { RoomRole::Member },
        joined_ms: now_ms,
        read_serial: None,
        read_messages: 0,
        read_own: 0,
        version: 0,
    }
}

fn unknown_member(person: &PersonId) -> ChatError {
    let why = format!("there is nobody with the id {person} who could be a member");
    ChatError::field(ErrorCode::InvalidParameter, "members", why)
}
