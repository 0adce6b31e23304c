//! People, over `/api/v1`.

use serde_json::{Value, json};

use super::{Http, Server};

/// The password of everybody in the tests.
pub const PASSWORD: &str = "a password of the tests";

/// A person who is signed in.
pub struct Person {
    /// Their browser.
    pub http: Http,
    /// Their id.
    pub id: String,
}

impl Person {
    /// Makes the administrator's account with the set-up link that the server printed.
    #[track_caller]
    pub fn set_up(server: &mut Server, handle: &str) -> Self {
        let code = server.set_up_code();
        let body = json!({ "code": code, "handle": handle, "name": handle, "password": PASSWORD });
        Self::enter(server, 201, "/api/v1/setup", &body)
    }

    /// Makes an account, by an invitation if one is given.
    #[track_caller]
    pub fn sign_up(server: &Server, handle: &str, invitation: Option<&str>) -> Self {
        let body =
            json!({ "handle": handle, "name": handle, "password": PASSWORD, "invitation": invitation });
        Self::enter(server, 201, "/api/v1/sign-up", &body)
    }

    /// Signs in.
    #[track_caller]
    pub fn sign_in(server: &Server, handle: &str) -> Self {
        Self::enter(server, 200, "/api/v1/sign-in", &json!({ "login": handle, "password": PASSWORD }))
    }

    #[track_caller]
    fn enter(server: &Server, status: u16, path: &str, body: &Value) -> Self {
        let mut http = Http::browser(&server.address);
        let answer = http.expect(status, "POST", path, body);
        let id = answer["person"]["id"].as_str().expect("a person has an id").to_owned();
        Self { http, id }
    }

    /// Reads.
    #[track_caller]
    pub fn get(&mut self, path: &str) -> Value {
        self.http.expect(200, "GET", &format!("/api/v1{path}"), &Value::Null)
    }

    /// Writes, with the status that it must be answered with.
    #[track_caller]
    pub fn post(&mut self, status: u16, path: &str, body: &Value) -> Value {
        self.http.expect(status, "POST", &format!("/api/v1{path}"), body)
    }

    /// Makes a private room; gives its id.
    #[track_caller]
    pub fn create_room(&mut self, name: &str) -> String {
        let made = self.post(201, "/rooms", &json!({ "kind": "private", "name": name }));
        made["room"]["id"].as_str().expect("a room has an id").to_owned()
    }

    /// Makes an invitation to a room; gives its code.
    #[track_caller]
    pub fn invite(&mut self, room: &str) -> String {
        let made = self.post(201, &format!("/rooms/{room}/invitations"), &json!({ "uses_max": 1 }));
        made["code"].as_str().expect("a new invitation has a code").to_owned()
    }

    /// Says something in a room.
    #[track_caller]
    pub fn say(&mut self, room: &str, text: &str) -> Value {
        self.post(201, &format!("/rooms/{room}/messages"), &json!({ "text": text }))
    }

    /// Unread messages and mentions of a room.
    #[track_caller]
    pub fn unread(&mut self, room: &str) -> (u64, u64) {
        let listing = self.get(&format!("/me/rooms/{room}"));
        let count = |name: &str| listing["unread"][name].as_u64().expect("a count");
        (count("unread"), count("mentions"))
    }

    /// A token for the realtime layer.
    #[track_caller]
    pub fn realtime_token(&mut self) -> String {
        let token = self.post(200, "/me/realtime-token", &json!({}));
        token["token"].as_str().expect("a token").to_owned()
    }
}
