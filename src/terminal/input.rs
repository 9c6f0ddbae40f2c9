//! Keys and the mouse: a thread reads the terminal and sends what its bytes mean.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use super::decoder::Decoder;
use super::session::{MouseReports, Session};
use super::{Input, Message};
use crate::app::key::Key;
use crate::fault_injection;

/// Starts the thread that reads keys, and what the mouse does where that was asked for: anything can look like its report.
pub fn start(session: Arc<Session>, messages: Sender<Message>) -> io::Result<()> {
    thread::Builder::new().name("input".into()).spawn(move || {
        let mut decoder = Decoder::default();
        let mut bytes = [0; 4096];
        loop {
            let inputs = match session.read(&mut bytes, decoder.patience()) {
                Ok(Some(count)) => decoder.feed(&bytes[..count]),
                Ok(None) => decoder.expire().into_iter().collect(),
                Err(error) => {
                    // Nobody listens any more only when the program is ending.
                    let _ = messages.send(Message::InputFailed(error));
                    return;
                }
            };
            fault_injection::panic_if_named();
            let is_asked_for = |input: &Input| session.reports() == MouseReports::On || matches!(input, Input::Key(_));
            for input in inputs.into_iter().filter(is_asked_for) {
                if messages.send(Message::Input(input)).is_err() {
                    return;
                }
            }
        }
    })?;
    Ok(())
}

/// The keys that bytes stand for where they come from no terminal.
pub fn typed(bytes: impl Iterator<Item = io::Result<u8>>) -> impl Iterator<Item = io::Result<Key>> {
    let mut decoder = Decoder::default();
    let ended = bytes.map(Some).chain([None]);
    ended.flat_map(move |byte| {
        let (inputs, error) = match byte {
            Some(Ok(byte)) => (decoder.feed(&[byte]), None),
            Some(Err(error)) => (Vec::new(), Some(Err(error))),
            None => (decoder.expire().into_iter().collect(), None),
        };
        let key = |input| if let Input::Key(key) = input { Some(Ok(key)) } else { None };
        inputs.into_iter().filter_map(key).chain(error)
    })
}
