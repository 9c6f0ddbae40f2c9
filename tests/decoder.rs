//! What the bytes of a terminal mean, whole, torn and mixed with what nobody asked for.

use celda::app::key::Key;
use celda::app::mouse::Mouse;
use celda::terminal::Input;
use celda::terminal::decoder::Decoder;
use proptest::prelude::*;

/// Bytes that come together.
fn decoded(bytes: &[u8]) -> Vec<Input> {
    Decoder::default().feed(bytes)
}

/// Bytes of which each comes alone, and then no more for a while.
fn torn(bytes: &[u8]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut inputs: Vec<Input> = bytes.iter().flat_map(|&byte| decoder.feed(&[byte])).collect();
    inputs.extend(decoder.expire());
    inputs
}

fn keys(keys: impl IntoIterator<Item = Key>) -> Vec<Input> {
    keys.into_iter().map(Input::Key).collect()
}

/// The sequences of keys that terminals send.
const KEYS: [(&str, Key); 44] = [
    ("\x1b[A", Key::Up),
    ("\x1bOB", Key::Down),
    ("\x1b[1;5C", Key::Right),
    ("\x1b[1;2D", Key::Left),
    ("\x1b[H", Key::Home),
    ("\x1b[1~", Key::Home),
    ("\x1b[7~", Key::Home),
    ("\x1bOH", Key::Home),
    ("\x1b[F", Key::End),
    ("\x1b[4~", Key::End),
    ("\x1b[8~", Key::End),
    ("\x1bOF", Key::End),
    ("\x1b[5~", Key::PageUp),
    ("\x1b[6~", Key::PageDown),
    ("\x1b[6;5~", Key::PageDown),
    ("\x1b[Z", Key::BackTab),
    ("\x1bOP", Key::F(1)),
    ("\x1bOS", Key::F(4)),
    ("\x1b[11~", Key::F(1)),
    ("\x1b[[A", Key::F(1)),
    ("\x1b[1;2P", Key::F(1)),
    ("\x1b[15~", Key::F(5)),
    ("\x1b[17~", Key::F(6)),
    ("\x1b[24~", Key::F(12)),
    ("\x1bOM", Key::Enter),
    ("\r", Key::Enter),
    ("\n", Key::Enter),
    ("\t", Key::Tab),
    ("\x7f", Key::Backspace),
    ("\x08", Key::Backspace),
    ("\x03", Key::Ctrl('c')),
    ("\x1a", Key::Ctrl('z')),
    ("n", Key::Char('n')),
    ("ñ", Key::Char('ñ')),
    ("→", Key::Char('→')),
    ("😀", Key::Char('😀')),
    ("\x1b[110u", Key::Char('n')),
    ("\x1b[110;1:1u", Key::Char('n')),
    ("\x1b[110;1:2u", Key::Char('n')),
    ("\x1b[122;2u", Key::Char('Z')),
    ("\x1b[53:37;2u", Key::Char('%')),
    ("\x1b[111;5u", Key::Ctrl('o')),
    ("\x1b[27u", Key::Esc),
    ("\x1b[9;2u", Key::BackTab),
];

#[test]
fn a_key_is_the_same_whole_and_torn() {
    for (bytes, key) in KEYS {
        assert_eq!(decoded(bytes.as_bytes()), keys([key]), "{bytes:?}");
        assert_eq!(torn(bytes.as_bytes()), keys([key]), "{bytes:?} torn");
    }
}

#[test]
fn keys_that_come_together_are_all_taken() {
    let bytes: String = KEYS.iter().map(|(bytes, _)| *bytes).collect();
    assert_eq!(decoded(bytes.as_bytes()), keys(KEYS.map(|(_, key)| key)));
}

#[test]
fn esc_is_a_key_once_nothing_follows_or_another_key_does() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b"), []);
    assert!(decoder.patience().is_some());
    assert_eq!(decoder.expire(), Some(Input::Key(Key::Esc)));
    assert_eq!(decoder.patience(), None, "nothing more is waited for");
    assert_eq!(decoder.feed(b"n"), keys([Key::Char('n')]));
    assert_eq!(torn(b"\x1bn"), keys([Key::Esc, Key::Char('n')]));
    assert_eq!(torn(b"\x1b\x1b"), keys([Key::Esc, Key::Esc]));
    assert_eq!(torn(b"\x1b\r"), keys([Key::Esc, Key::Enter]));
}

#[test]
fn what_is_torn_so_late_that_its_esc_was_a_key_types_nothing() {
    for (rest, key) in [("[B", Key::Down), ("OC", Key::Right), ("[6~", Key::PageDown)] {
        let mut decoder = Decoder::default();
        decoder.feed(b"\x1b");
        assert_eq!(decoder.expire(), Some(Input::Key(Key::Esc)));
        assert_eq!(decoder.feed(rest.as_bytes()), keys([key]));
    }
}

#[test]
fn a_key_with_alt_and_the_release_of_a_key_are_none() {
    for bytes in ["\x1bn", "\x1bñ", "\x1b\x7f", "\x1b[1;3C", "\x1b[110;3u", "\x1b[110;1:3u", "\x1b[1;1:3A", "\x1b[5;1:3~"] {
        assert_eq!(decoded(bytes.as_bytes()), [], "{bytes:?}");
    }
}

/// What terminals answer to questions that another program may have asked.
const ANSWERS: [&str; 20] = [
    "\x1b[?62;22c",
    "\x1b[>0;276;0c",
    "\x1b[=1c",
    "\x1b[24;80R",
    "\x1b[?24;80R",
    "\x1b[0n",
    "\x1b[?1u",
    "\x1b[?2026;1$y",
    "\x1b[8;24;80t",
    "\x1b[I",
    "\x1b[200~",
    "\x1b]11;rgb:0000/1111/ffff\x1b\\",
    "\x1b]11;rgb:0000/1111/ffff\x07",
    "\x1b]4;1;rgb:00/11/ff\x1b\\",
    "\x1bP>|xterm(390)\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1bP!|7E565445\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b[?997;1n",
    "\x1b[48;24;80;480;640t",
];

#[test]
fn an_answer_nobody_waits_for_is_nothing_whole_and_torn() {
    for answer in ANSWERS {
        let then = [answer.as_bytes(), b"n"].concat();
        assert_eq!(decoded(&then), keys([Key::Char('n')]), "{answer:?}");
        assert_eq!(torn(&then), keys([Key::Char('n')]), "{answer:?} torn");
    }
}

#[test]
fn reports_of_the_mouse_are_read_and_those_of_another_kind_are_nothing() {
    let reports: [(&str, Option<Mouse>); 13] = [
        ("\x1b[<0;1;1M", Some(Mouse::Click(0, 0))),
        ("\x1b[<16;4;7M", Some(Mouse::Click(3, 6))),
        ("\x1b[<64;5;5M", Some(Mouse::WheelUp)),
        ("\x1b[<65;5;5M", Some(Mouse::WheelDown)),
        ("\x1b[<0;4;7m", None),
        ("\x1b[<32;4;7M", None),
        ("\x1b[<2;4;7M", None),
        ("\x1b[<0;0;5M", None),
        ("\x1b[<0;5;0M", None),
        ("\x1b[<0;99999;1M", None),
        ("\x1b[<;M", None),
        ("\x1b[M !!", None),
        ("\x1b[32;5;5M", None),
    ];
    for (report, mouse) in reports {
        let expected: Vec<Input> = mouse.map(Input::Mouse).into_iter().collect();
        assert_eq!(decoded(report.as_bytes()).first(), expected.first(), "{report:?}");
    }
    assert_eq!(decoded(b"\x1b[M !!\x1b[M   n"), keys([Key::Char('n')]));
}

#[test]
fn half_of_anything_is_forgotten_after_a_while() {
    for half in ["\x1b[", "\x1b[1;", "\x1bO", "\x1b[[", "\x1b]11;rgb", "\x1bP>|x\x1b", "\x1b[M ", "\x1b[<0;1"] {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(half.as_bytes()), [], "{half:?}");
        assert!(decoder.patience().is_some(), "{half:?}");
        assert_eq!(decoder.expire(), None, "{half:?}");
        assert_eq!((decoder.patience(), decoder.feed(b"n")), (None, keys([Key::Char('n')])), "{half:?}");
    }
    assert_eq!(decoded(b"\xc3n"), keys([Key::Char('n')]), "half a character");
}

proptest! {
    #[test]
    fn ctrl_c_is_ctrl_c_whatever_was_before(noise in prop::collection::vec(prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b'M')], 0..40)) {
        let mut decoder = Decoder::default();
        decoder.feed(&noise);
        let inputs = decoder.feed(b"\x03");
        prop_assert_eq!(inputs.last(), Some(&Input::Key(Key::Ctrl('c'))));
    }

    #[test]
    fn keys_and_answers_mean_the_same_however_they_are_torn(
        parts in prop::collection::vec(prop_oneof![
            prop::sample::select(&KEYS[..]).prop_map(|(bytes, _)| bytes),
            prop::sample::select(&ANSWERS[..]),
        ], 1..12),
        pieces in prop::collection::vec(1_usize..6, 1..12),
    ) {
        let bytes = parts.concat();
        let mut decoder = Decoder::default();
        let (mut inputs, mut rest) = (Vec::new(), bytes.as_bytes());
        for piece in pieces.iter().cycle() {
            let (now, later) = rest.split_at((*piece).min(rest.len()));
            inputs.extend(decoder.feed(now));
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(inputs, decoded(bytes.as_bytes()));
    }

    #[test]
    fn what_is_held_is_bounded(byte in any::<u8>(), start in prop::sample::select(&["", "\x1b[", "\x1b]", "\x1bP", "\x1b[<"][..])) {
        let mut decoder = Decoder::default();
        decoder.feed(start.as_bytes());
        decoder.feed(&vec![byte; 100_000]);
        let held = format!("{decoder:?}").len();
        prop_assert!(held < 1000, "{}", held);
    }
}
