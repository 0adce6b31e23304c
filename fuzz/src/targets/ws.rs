//! WebSocket frames and handshakes.

use super::Target;

pub(super) const DECODE: Target = Target {
    name: "ws-decode",
    run: loquat_ws::fuzz::fuzz_decode,
    seeds: &[
        b"\xf0\x03\x81\x85\x01\x02\x03\x04ignhn",
        b"\xf0\x01\x01\x80\x00\x00\x00\x00\x00\x81\x00\x00\x00\x00a\x80\x80\x00\x00\x00\x00",
        b"\xf1\x05\x89\x04ping\x82\x7e\x00\x81",
        b"\xf0\x07\x88\x82\x00\x00\x00\x00\x03\xe8",
    ],
    words: &[
        b"\x7e\x00\x7e",
        b"\x7f\x00\x00\x00\x00\x00\x01\x00\x00",
        b"\xe2\x82\xac",
        b"\xed\xa0\x80",
        b"\x88\x80",
    ],
};

pub(super) const HANDSHAKE: Target = Target {
    name: "ws-handshake",
    run: loquat_ws::fuzz::fuzz_handshake,
    seeds: &[
        b"GET /?v=6 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
          Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    ],
    words: &[
        b"\r\n",
        b"Upgrade: ",
        b"websocket",
        b"Connection: keep-alive, ",
        b"Sec-WebSocket-Version: 13\r\n",
    ],
};
