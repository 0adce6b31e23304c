//! Frames, messages, log entries and names.

use loquat_protocol::fuzz;

use super::Target;

const FRAME_WORDS: &[&[u8]] = &[
    b"\"action\":15,",
    b"\"channel\":",
    b"\"messages\":[",
    b"\"presence\":[",
    b"\"data\":",
    b"\"encoding\":\"base64\",",
    b"\"extras\":{",
    b"\"msgSerial\":",
    b"\"params\":{",
    b"\"flags\":",
    b"\"error\":{\"code\":",
    b"null",
    b"1e308",
    b"\\ud800",
    b"\\u0000",
    b"[[[[[[[[",
    b"{\"a\":{\"a\":",
    b"-9223372036854775808",
    b"18446744073709551615",
];

pub(super) const FRAME_JSON: Target = Target {
    name: "frame-json",
    run: fuzz::fuzz_json_frame,
    seeds: &[
        br#"{"action":10,"channel":"a","flags":327680,"params":{"rewind":"1"}}"#,
        br#"{"action":15,"channel":"a","msgSerial":0,"messages":[{"name":"n","data":"d","extras":{"headers":{"k":1}}}]}"#,
        br#"{"action":15,"channel":"a","msgSerial":1,"messages":[{"data":"aGk=","encoding":"utf-8/base64"},{"data":{"a":[1]}}]}"#,
        br#"{"action":14,"channel":"a","msgSerial":2,"presence":[{"action":2,"clientId":"c","data":"x"}]}"#,
        br#"{"action":17,"auth":{"accessToken":"t"}}"#,
        br#"{"action":9,"error":{"code":40000,"statusCode":400,"message":"m"}}"#,
    ],
    words: FRAME_WORDS,
};

pub(super) const FRAME_MSGPACK: Target = Target {
    name: "frame-msgpack",
    run: fuzz::fuzz_msgpack_frame,
    seeds: &[
        b"\x82\xa6action\x0a\xa7channel\xa1a",
        b"\x84\xa6action\x0f\xa7channel\xa1a\xa9msgSerial\x00\xa8messages\x91\x82\xa4name\xa1n\xa4data\xc4\x02hi",
        b"\x83\xa6action\x0e\xa7channel\xa1a\xa8presence\x91\x82\xa6action\x02\xa8clientId\xa1c",
        b"\x82\xa6action\x11\xa4auth\x81\xabaccessToken\xa1t",
    ],
    words: &[
        b"\xa8messages\x91", b"\xa4data\xc4\x01", b"\xa6extras\x81", b"\xc1", b"\xc9", b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff",
        b"\xdb\x7f\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", b"\x91\x91\x91\x91\x91\x91",
    ],
};

pub(super) const ENTRY: Target = Target {
    name: "log-entry",
    run: fuzz::fuzz_entry,
    seeds: &[
        b"\x01\x00\x00\x00\x00\x01\x03app\x00\x04chat\x81\xa1m\x91\x82\xa4name\xa1n\xa4data\xa1d",
        b"\x01\x00\x00\x00\x00\x01\x03app\x00\x04chat\x83\xa1c\xa2c1\xa1i\xa4c1:0\xa1m\x92\x81\xa4data\xc4\x02\xff\x00\x82\xa4data\
          \xa4aGk=\xa8encoding\xa6base64",
        b"\x01\x00\x00\x00\x00\x02\x03app\x00\x04chat\x81\xa1p\x91\x83\xa6action\x02\xa8clientId\xa3ada\xa6extras\x81\xa1h\xcb\
          \x3f\xd5\x55\x55\x55\x55\x55\x55",
        b"\x01\x00\x00\x00\x07\x01\x03app\x00\x04chat\x80",
    ],
    words: &[
        b"\x02\x00\x00\x00\x00",
        b"\xff\xff",
        b"\xa1m\x91",
        b"\xa1p\x91",
        b"\xacconnectionId\xa1c",
    ],
};

pub(super) const CAPABILITY: Target = Target {
    name: "capability",
    run: fuzz::fuzz_capability,
    seeds: &[
        b"{\"*\":[\"*\"]}\n{\"room:*\":[\"publish\",\"subscribe\"],\"[*]*\":[\"history\"]}\nroom:1",
        b"{\"[meta]*\":[\"subscribe\"]}\n{\"[*]*\":[\"*\"]}\n[meta]a",
        b"{\"a\":[\"presence\"],\"a:*\":[\"publish\"]}\n{\"a:b:*\":[\"publish\"]}\na:b:c",
        b"{\"[*]a\":[\"publish\"],\"[]a\":[\"history\"]}\n{\"[meta]*\":[\"publish\"],\"a\":[\"history\"]}\n[meta]a",
    ],
    words: &[
        b"\"publish\"",
        b"\"presence\"",
        b"\"annotation-publish\"",
        b"\"[*]",
        b":*\"",
        b"\"*\"",
        b"[meta]",
        b"\n",
    ],
};

pub(super) const SERIAL: Target = Target {
    name: "serial",
    run: fuzz::fuzz_serial,
    seeds: &[
        b"0001-000000000000002a",
        b"0001-000000000000002a:007",
        b"ffff-ffffffffffffffff:65535",
        b"room:1",
        b"[?rewind=1]room",
        "a\u{200b}".as_bytes(),
    ],
    words: &[b"[", b"]", b":", b"*", b"::$chat", b"\xe2\x80\xa8", b"@", b"-", b"0000000000"],
};

pub(super) const PARAMS: Target = Target {
    name: "params",
    run: fuzz::fuzz_params,
    seeds: &[
        br#"{"rewind":"10","modes":"publish,subscribe"}"#,
        br#"{"rewind":"2m","delta":"vcdiff"}"#,
        b"15s",
        b"presence_subscribe",
    ],
    words: &[b"\"rewind\":\"", b"\"modes\":\"", b"subscribe", b"99999999999999999999", b"s\"", b"m\"", b","],
};
