//! What came of something, in the last line, over whatever is there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::header::speed;
use super::panel::{self, cut, span};
use super::search::which_row;
use super::text::words;
use super::theme::Role;
use super::{edit, event};
use crate::app::action::Action;
use crate::app::autoplay::Stop;
use crate::app::events::{Happening, Way};
use crate::app::keymap::BINDINGS;
use crate::app::notice::{Doing, Notice, Refusal};
use crate::app::state::State;

/// Draws it, if there is something to say.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(notice) = state.notice() else { return };
    let (text, role) = said(state, notice);
    let line = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
    Clear.render(line, buffer);
    let text = cut(&text, usize::from(area.width).saturating_sub(2));
    panel::line(&Line::from_iter([Span::raw(" "), span(text, role, state.settings())]), line, buffer);
}

/// What it says.
pub fn text(state: &State, notice: &Notice) -> String {
    said(state, notice).0
}

fn said(state: &State, notice: &Notice) -> (String, Role) {
    let settings = state.settings();
    let language = settings.language;
    let words = words(language);
    match notice {
        Notice::NothingToEdit => (words.nothing_to_edit.into(), Role::Plain),
        Notice::NothingToUndo => (words.nothing_to_undo.into(), Role::Plain),
        Notice::NothingToRedo => (words.nothing_to_redo.into(), Role::Plain),
        Notice::NothingToCompare => (words.nothing_to_compare.into(), Role::Plain),
        Notice::NothingToWrite => (words.nothing_to_write.into(), Role::Plain),
        Notice::InAnotherFile { number, others, file } => {
            let more = if *others > 0 { format!(" (+{others})") } else { String::new() };
            let what = format!("{}{more} {} {file}", edit::name(state, *number), words.comes_from);
            (format!("✗ {}: {what}; {}", words.not_saved, words.undo_it), Role::Fails)
        }
        Notice::FileElsewhere { file } => {
            let what = format!("{} {file}, {}", words.names_file, words.not_found_there);
            (format!("✗ {}: {what}", words.not_saved), Role::Fails)
        }
        Notice::NotKept(reason) => (format!("✗ {}: {}", words.not_kept, reason.get(language)), Role::Fails),
        Notice::Saved { file, folder: Some(folder) } => (format!("✓ {} {file} ({folder})", words.saved), Role::Holds),
        Notice::Saved { file, folder: None } => (format!("✓ {} {file}", words.saved), Role::Holds),
        Notice::Reloaded { kept, lost } => {
            let edits = [(kept, words.edits_kept), (lost, words.edits_lost)];
            let edits = edits.iter().filter(|(n, _)| **n > 0).map(|(n, what)| format!("; {}", words.count(**n, *what)));
            let text: String = std::iter::once(words.reloaded.to_owned()).chain(edits).collect();
            if *lost > 0 { (format!("✗ {text}"), Role::Fails) } else { (format!("✓ {text}"), Role::Holds) }
        }
        Notice::BuiltInHasNoFile => (words.built_in_has_no_file.into(), Role::Plain),
        Notice::StandardInputHasNoFile => (words.standard_input_has_no_file.into(), Role::Plain),
        Notice::NotWatched(reason) => {
            let reload = BINDINGS.iter().find(|binding| binding.action == Action::Reload);
            let key = reload.and_then(|reload| {
                Some((reload.keys.first()?.shown(settings.charset, settings.language), reload.help.get(language)))
            });
            let hint = key.map(|(key, help)| format!("; {key}: {help}")).unwrap_or_default();
            (format!("✗ {}{hint} ({})", words.not_watched, reason.get(language)), Role::Fails)
        }
        Notice::Speed(now) => (format!("{}: {}", words.autoplay, speed(*now)), Role::Plain),
        Notice::Stopped(Stop::Last) => (format!("{}: {}", words.autoplay, words.stops_at_last), Role::Plain),
        Notice::Stopped(Stop::Claim) => (format!("✗ {}", words.stops_at_claim), Role::Fails),
        Notice::Event { t, happening: Happening::Claim(output) } => {
            (format!("✗ {}", event::claim(state, *t, *output)), Role::Fails)
        }
        Notice::Event { t, happening: Happening::Unit(what) } => (event::unit(state, *t, *what), Role::Plain),
        Notice::Veiled => (words.veiled_events.into(), Role::Plain),
        Notice::NoEvent(Way::Forward) => (words.no_event_after.into(), Role::Plain),
        Notice::NoEvent(Way::Backward) => (words.no_event_before.into(), Role::Plain),
        Notice::Working { doing, percent } => {
            let what = match doing {
                Doing::Searching => words.searching_events.to_owned(),
                Doing::Going { t } => format!("{} t = {t}", words.going_to),
                Doing::Computing => words.computing.to_owned(),
                Doing::Reloading => words.reloading.to_owned(),
            };
            (format!("{what}: {percent} %{}{}", panel::dot(settings), words.any_key_interrupts), Role::Plain)
        }
        Notice::Interrupted(Doing::Reloading) => (format!("✗ {}", words.reload_interrupted), Role::Fails),
        Notice::Interrupted(_) => (words.interrupted.into(), Role::Plain),
        Notice::SearchInterrupted { t } => (format!("{} t = {t}", words.search_interrupted), Role::Plain),
        Notice::Found { text, which } if which.of == 0 => (format!("✗ {}: {text}", words.no_row), Role::Fails),
        Notice::Found { text, which } => (format!("{}: {text}", which_row(*which, words)), Role::Plain),
        Notice::NotSaved(refusal) => {
            let reason = match refusal {
                Refusal::Forbidden => words.folder_forbidden,
                Refusal::FolderGone => words.folder_gone,
                Refusal::Full => words.disk_full,
                Refusal::NamesTaken => words.names_taken,
                Refusal::Other(reason) => reason.get(language),
            };
            (format!("✗ {}: {reason}", words.not_saved), Role::Fails)
        }
    }
}
