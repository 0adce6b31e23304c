//! SEC-1 over real sockets: revocation takes effect on open connections within a second.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use loquat_protocol::{Action, ClientId, ProtocolMessage};

use crate::support::{ADA, Client, House, People, Session, channel, texts_of, wait_for};

const WITHIN: Duration = Duration::from_secs(1);
const ROOM: &str = "r_aaaaaaaaaaaaaaaa::$chat";

fn ada() -> Option<ClientId> {
    Some(ClientId::from_trusted(ADA))
}

#[test]
fn who_leaves_a_room_gets_nothing_published_afterwards() {
    let (house, session) = (House::new(4), Session::member_of(&[ROOM, "other"]));
    let running = house.start(Some(Arc::new(People(Arc::clone(&session)))));
    // On both shards, and one that stays.
    let mut clients: Vec<_> = (0..6).map(|_| Client::ada(&running)).collect();
    let mut stays = Client::key(&running);
    for client in clients.iter_mut().chain([&mut stays]) {
        assert_eq!(client.attach(ROOM, "").action(), Some(Action::Attached));
    }
    for client in &mut clients {
        assert_eq!(client.attach("other", "").action(), Some(Action::Attached));
    }
    let (begun, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let publishing = scope.spawn(|| {
            while !stop.load(SeqCst) {
                let number = begun.fetch_add(1, SeqCst);
                running.publish(ROOM, &number.to_string());
            }
        });
        wait_for("a stream of messages", || begun.load(SeqCst) > 200);
        session.remove_from(ROOM);
        running.rights_changed(ada());
        let (removed, last) = (Instant::now(), begun.load(SeqCst));
        wait_for("messages after the removal", || begun.load(SeqCst) > last + 200);
        for client in &mut clients {
            let mut given = Vec::new();
            let error = client.find(|frame| {
                given.extend(texts_of(frame));
                frame.action() == Some(Action::Error)
            });
            assert_eq!((error.channel.as_deref(), error.error.unwrap().code), (Some(ROOM), 40160));
            assert!(removed.elapsed() < WITHIN, "{:?}", removed.elapsed());
            // One that was begun before the call may come after it.
            let newest = given.iter().map(|text| text.parse::<usize>().unwrap()).max();
            assert!(newest < Some(last), "{newest:?} was published after the removal, with {last}");
        }
        stop.store(true, SeqCst);
        publishing.join().unwrap();
    });
    running.publish("other", "still here");
    for client in &mut clients {
        let next = client.until(Action::Message);
        assert_eq!(
            (next.channel.as_deref(), texts_of(&next)),
            (Some("other"), vec!["still here".to_owned()])
        );
        assert_eq!(client.attach(ROOM, "").error.unwrap().code, 40160);
    }
    assert_eq!(stays.texts(begun.load(SeqCst)).len(), begun.load(SeqCst));
}

#[test]
fn who_leaves_a_room_is_seen_to_leave_it() {
    let (house, session) = (House::new(1), Session::member_of(&[ROOM]));
    let running = house.start(Some(Arc::new(People(Arc::clone(&session)))));
    let (mut ada_there, mut watcher) = (Client::ada(&running), Client::key(&running));
    watcher.attach(ROOM, "");
    ada_there.attach(ROOM, "");
    ada_there
        .send(&format!(r#"{{"action":14,"channel":"{ROOM}","msgSerial":0,"presence":[{{"action":2}}]}}"#));
    let is = |frame: &ProtocolMessage, action: u8| {
        frame
            .presence
            .iter()
            .any(|member| member.action == action && member.client_id.as_deref() == Some(ADA))
    };
    watcher.find(|frame| is(frame, 2));
    session.remove_from(ROOM);
    let removed = Instant::now();
    running.rights_changed(ada());
    watcher.find(|frame| is(frame, 3));
    assert!(removed.elapsed() < WITHIN, "{:?}", removed.elapsed());

    session.member_of.write().insert(ROOM.to_owned());
    ada_there
        .send(&format!(r#"{{"action":14,"channel":"{ROOM}","msgSerial":1,"presence":[{{"action":2}}]}}"#));
    watcher.find(|frame| is(frame, 2));
    session.ended.store(true, SeqCst);
    let ended = Instant::now();
    running.rights_changed(ada());
    watcher.find(|frame| is(frame, 3));
    assert!(ended.elapsed() < WITHIN, "without the grace of a lost connection: {:?}", ended.elapsed());
}

#[test]
fn who_is_removed_while_their_connection_is_lost_is_seen_to_leave() {
    let (house, session) = (House::new(1), Session::member_of(&[ROOM, "other"]));
    let running = house.start(Some(Arc::new(People(Arc::clone(&session)))));
    let mut watcher = Client::key(&running);
    let enter = |client: &mut Client, room: &str, serial: u32| {
        let enter =
            format!(r#"{{"action":14,"channel":"{room}","msgSerial":{serial},"presence":[{{"action":2}}]}}"#);
        client.send(&enter);
        client.until(Action::Ack);
    };
    let is_leave = |frame: &ProtocolMessage| frame.presence.iter().any(|member| member.action == 3);
    for room in [ROOM, "other"] {
        watcher.attach(room, "");
    }
    let mut client = Client::ada(&running);
    enter(&mut client, ROOM, 0);
    enter(&mut client, "other", 1);
    drop(client);
    wait_for("the lost connection", || running.metrics().connections_open.get() == 1);
    session.remove_from(ROOM);
    let removed = Instant::now();
    running.rights_changed(ada());
    assert_eq!(watcher.find(is_leave).channel.as_deref(), Some(ROOM));
    session.ended.store(true, SeqCst);
    running.rights_changed(ada());
    assert_eq!(watcher.find(is_leave).channel.as_deref(), Some("other"));
    assert!(removed.elapsed() < WITHIN, "{:?}", removed.elapsed());
}

/// The change has come, and the shard has not looked yet: then the loss is when it is noticed.
#[test]
fn a_connection_that_is_lost_with_its_rights_leaves_nobody_behind() {
    let (house, session) = (House::new(1), Session::member_of(&[ROOM]));
    let running = house.start(Some(Arc::new(People(Arc::clone(&session)))));
    let mut client = Client::ada(&running);
    client.send(&format!(r#"{{"action":14,"channel":"{ROOM}","msgSerial":0,"presence":[{{"action":2}}]}}"#));
    client.until(Action::Ack);
    session.remove_from(ROOM);
    drop(client);
    let lost = Instant::now();
    wait_for("an empty room", || running.presence().count(&channel(ROOM)) == 0);
    assert!(lost.elapsed() < WITHIN, "not only after the grace: {:?}", lost.elapsed());
}

#[test]
fn a_connection_of_a_key_does_not_become_a_persons_nor_the_reverse() {
    let (house, session) = (House::new(1), Session::member_of(&[ROOM]));
    let running = house.start(Some(Arc::new(People(session))));
    let auth = |token: &str| format!(r#"{{"action":17,"auth":{{"accessToken":"{token}"}}}}"#);
    let mut key = Client::key(&running);
    key.send(&auth(&Client::token(&running)));
    assert_eq!(key.until(Action::Error).error.unwrap().code, 40102);

    let mut client = Client::ada(&running);
    client.send(&auth(&Client::token(&running)));
    client.until(Action::Connected);
    client.send(&auth(&Client::token_of_key(&running)));
    assert_eq!(client.until(Action::Error).error.unwrap().code, 40012);
}

#[test]
fn an_ended_session_ends_its_connections_and_no_others() {
    let (house, session) = (House::new(1), Session::member_of(&[ROOM]));
    let running = house.start(Some(Arc::new(People(Arc::clone(&session)))));
    let mut clients: Vec<_> = (0..4).map(|_| Client::ada(&running)).collect();
    let mut stays = Client::key(&running);
    for client in clients.iter_mut().chain([&mut stays]) {
        client.attach(ROOM, "");
    }
    session.ended.store(true, SeqCst);
    let ended = Instant::now();
    running.rights_changed(ada());
    for client in &mut clients {
        assert_eq!(client.until(Action::Disconnected).error.unwrap().code, 40141);
        assert!(ended.elapsed() < WITHIN, "{:?}", ended.elapsed());
        assert!(client.next(Instant::now() + WITHIN).is_none(), "and then the socket closes");
    }
    running.publish(ROOM, "x");
    assert_eq!(stays.texts(1), ["x"]);
}

#[test]
fn a_session_that_ends_without_a_word_is_noticed_within_a_second() {
    let (house, session) = (House::new(1), Session::member_of(&[ROOM]));
    let running = house.start(Some(Arc::new(People(Arc::clone(&session)))));
    let mut client = Client::ada(&running);
    client.attach(ROOM, "");
    session.ended.store(true, SeqCst);
    let ended = Instant::now();
    assert_eq!(client.until(Action::Disconnected).error.unwrap().code, 40141);
    assert!(ended.elapsed() < WITHIN, "{:?}", ended.elapsed());
}

#[test]
fn joining_needs_no_new_token() {
    let (house, session) = (House::new(1), Session::member_of(&[]));
    let running = house.start(Some(Arc::new(People(Arc::clone(&session)))));
    let mut client = Client::ada(&running);
    assert_eq!(client.attach(ROOM, "").error.unwrap().code, 40160);
    session.member_of.write().insert(ROOM.to_owned());
    running.rights_changed(ada());
    assert_eq!(client.attach(ROOM, "").action(), Some(Action::Attached));
    running.publish(ROOM, "welcome");
    assert_eq!(client.texts(1), ["welcome"]);
}
