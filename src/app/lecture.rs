//! The scenarios of a lecture, of which one is shown, and the list from which another is chosen.

use super::action::{Action, Beside};
use super::field::Field;
use super::keymap::Mode;
use super::request::Request;
use super::search::searchable;
use super::state::{Outcome, State};
use crate::scenario::Scenario;
use crate::scenario::builtin::{self, Builtin};
use crate::scenario::fault::{Faults, called};
use crate::scenario::load::{self, Origin};
use crate::scenario::text::Text;

/// The scenarios of a lecture.
#[derive(Clone, Debug)]
pub struct Lecture {
    /// The scenario shown; its entry does not hold it.
    state: State,
    /// Which entry that is.
    shown: usize,
    /// Those given, then the built-in ones.
    entries: Vec<Entry>,
    /// The list, while it is open.
    list: Option<List>,
}

/// A scenario the lecture begins with.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the command line calls it.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether somebody named it.
    pub group: Group,
    /// The stepper on it.
    pub state: State,
}

/// Under what a scenario stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The command line names it.
    Given,
    /// It is always there.
    BuiltIn,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    origin: Origin,
    group: Group,
    stage: Stage,
}

/// How far a scenario is.
#[derive(Clone, Debug)]
enum Stage {
    /// A built-in one, before the list was opened.
    Unread(&'static Builtin),
    /// It cannot be read, and why.
    Failed(Text),
    /// It is shown.
    Shown,
    /// It keeps its place while another is shown.
    Kept(Box<State>),
}

/// The list, while it is open.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// What a line has to hold to be in it.
    pub filter: Field,
    /// Which of its lines is chosen.
    pub chosen: usize,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Under what it stands.
    pub group: Group,
    /// What the command line calls it.
    pub name: String,
    /// What it is called, or what is wrong with its file.
    pub title: Result<&'a str, &'a str>,
    /// What it teaches.
    pub description: &'a str,
    /// The timestep it stands at.
    pub t: usize,
    /// Whether it is the one under the list.
    pub is_shown: bool,
    /// Whether numbers of it are other than in its file.
    pub is_edited: bool,
    /// Which entry it is.
    entry: usize,
}

impl Lecture {
    /// A lecture that shows the first of some scenarios.
    pub fn new(first: Opened, others: Vec<Opened>) -> Self {
        let given: Vec<&str> = std::iter::once(&first)
            .chain(&others)
            .filter(|opened| opened.origin == Origin::BuiltIn)
            .map(|opened| opened.name.as_str())
            .collect();
        let unread: Vec<Entry> = builtin::ALL
            .iter()
            .filter(|builtin| !given.contains(&builtin.name))
            .map(|builtin| Entry {
                name: builtin.name.into(),
                origin: Origin::BuiltIn,
                group: Group::BuiltIn,
                stage: Stage::Unread(builtin),
            })
            .collect();
        let shown = Entry { name: first.name, origin: first.origin, group: first.group, stage: Stage::Shown };
        let kept = others.into_iter().map(|opened| Entry {
            name: opened.name,
            origin: opened.origin,
            group: opened.group,
            stage: Stage::Kept(Box::new(opened.state)),
        });
        let entries = std::iter::once(shown).chain(kept).chain(unread).collect();
        Self { state: first.state, shown: 0, entries, list: None }
    }

    /// Carries an action out, in the list while it is open.
    pub fn update(&mut self, action: Action) -> Outcome {
        if action == Action::Quit
            && let Some(edited) = self.unwritten()
        {
            self.list = None;
            let of_another = (edited != self.shown).then(|| self.entries[edited].name.clone());
            return self.state.ask_to_quit(of_another);
        }
        let Some(list) = &mut self.list else {
            let outcome = self.state.update(action);
            if action == Action::Scenarios {
                self.open_list();
            }
            return outcome;
        };
        match action.beside() {
            Some(Beside::Redraw | Beside::Suspend | Beside::Interrupt) => return self.state.update(action),
            Some(Beside::Quit) => {
                self.list = None;
                return self.state.update(action);
            }
            Some(Beside::Type(edit)) => {
                list.filter.edit(edit);
                list.chosen = 0;
            }
            Some(Beside::ScrollDown) => self.choose(|chosen, lines| (chosen + 1) % lines),
            Some(Beside::ScrollUp) => self.choose(|chosen, lines| (chosen + lines - 1) % lines),
            Some(Beside::Accept) => return self.open_chosen(),
            // Whatever else there are keys for, a text field takes them as text.
            Some(Beside::Theme | Beside::Language) | None => self.list = None,
        }
        Outcome::Go
    }

    /// What `look` gives of the state that a motion would lead to, as [`State::peek`] does; nothing while the list is open.
    pub fn peek<T>(&mut self, motion: Action, look: impl FnOnce(&mut State) -> T) -> Option<T> {
        if self.list.is_some() { None } else { self.state.peek(motion, look) }
    }

    /// A scenario that is open: what the command line calls it, where it comes from, and the stepper on it.
    pub fn open(&self, scenario: usize) -> Option<(&str, Origin, &State)> {
        let entry = self.entries.get(scenario)?;
        let state = match &entry.stage {
            Stage::Kept(state) => state,
            Stage::Shown => &self.state,
            Stage::Unread(_) | Stage::Failed(_) => return None,
        };
        Some((&entry.name, entry.origin, state))
    }

    /// Which scenario has edits that are not written, the one shown before any other.
    fn unwritten(&self) -> Option<usize> {
        let is_unwritten = |entry: &usize| self.opened(*entry).is_some_and(|state| !state.unwritten_edits().is_empty());
        std::iter::once(self.shown).chain(0..self.entries.len()).find(is_unwritten)
    }

    /// The stepper on a scenario that is open.
    fn opened(&self, entry: usize) -> Option<&State> {
        match &self.entries[entry].stage {
            Stage::Shown => Some(&self.state),
            Stage::Kept(state) => Some(state),
            Stage::Unread(_) | Stage::Failed(_) => None,
        }
    }

    fn open_list(&mut self) {
        let settings = *self.state.settings();
        for entry in &mut self.entries {
            if let Stage::Unread(builtin) = entry.stage {
                entry.stage = match load::built_in(builtin) {
                    Ok(loaded) => Stage::Kept(Box::new(State::new(loaded.scenario, settings))),
                    Err(faults) => Stage::Failed(Text::each(|language| faults.in_language(language).to_string())),
                };
            }
        }
        self.list = Some(List { chosen: self.shown, ..List::default() });
    }

    fn choose(&mut self, other: impl Fn(usize, usize) -> usize) {
        let lines = self.lines().len();
        if let Some(list) = &mut self.list
            && lines > 0
        {
            list.chosen = other(list.chosen, lines);
        }
    }

    /// Shows the chosen one, where it can be shown.
    fn open_chosen(&mut self) -> Outcome {
        let chosen = self.list.as_ref().and_then(|list| Some(self.lines().get(list.chosen)?.entry));
        let Some(entry) = chosen else { return Outcome::Go };
        match std::mem::replace(&mut self.entries[entry].stage, Stage::Shown) {
            Stage::Kept(mut next) => {
                next.set_settings(*self.state.settings());
                let before = std::mem::replace(&mut self.state, *next);
                self.entries[self.shown].stage = Stage::Kept(Box::new(before));
                self.shown = entry;
                self.list = None;
                return Outcome::Ask(Request::FindEdits);
            }
            Stage::Shown => self.list = None,
            unchanged => self.entries[entry].stage = unchanged,
        }
        Outcome::Go
    }

    /// What keys are taken for.
    pub const fn mode(&self) -> Mode {
        if self.list.is_some() { Mode::Text } else { self.state.mode() }
    }

    /// Whether a key, or another thing the user does, whatever it stands for, ends what is worked on and does nothing else.
    pub fn is_interrupted_by(&self, action: Option<Action>) -> bool {
        let goes_on = match action {
            Some(Action::Interrupt | Action::Suspend | Action::Redraw) => true,
            // There is nothing yet to stay at.
            Some(Action::Quit) => !self.state.has_numbers(),
            _ => false,
        };
        self.state.is_working() && matches!(self.mode(), Mode::Keys { .. }) && !goes_on
    }

    /// The scenario shown.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The same, to be told of things.
    pub const fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// What the command line calls the scenario shown.
    pub fn name(&self) -> &str {
        &self.entries[self.shown].name
    }

    /// Where the scenario shown comes from.
    pub fn origin(&self) -> Origin {
        self.entries[self.shown].origin
    }

    /// Which one is shown.
    pub const fn shown(&self) -> usize {
        self.shown
    }

    /// Those that are files, each with its path.
    pub fn files(&self) -> impl Iterator<Item = (usize, &str)> {
        let files = self.entries.iter().enumerate().filter(|(_, entry)| entry.origin == Origin::File);
        files.map(|(i, entry)| (i, entry.name.as_str()))
    }

    /// Takes another version of one of them over, unless it has faults.
    pub fn reload(&mut self, scenario: usize, version: Result<Scenario, Faults>) {
        match self.entries.get_mut(scenario).map(|entry| &mut entry.stage) {
            Some(Stage::Shown) => self.state.reload(version),
            Some(Stage::Kept(state)) => state.reload(version),
            Some(Stage::Unread(_) | Stage::Failed(_)) | None => {}
        }
    }

    /// The list, while it is open.
    pub const fn list(&self) -> Option<&List> {
        self.list.as_ref()
    }

    /// How many scenarios there are.
    pub const fn scenarios(&self) -> usize {
        self.entries.len()
    }

    /// The lines of the list that hold every word of the filter, in name, title or description.
    pub fn lines(&self) -> Vec<Line<'_>> {
        let wanted = self.list.as_ref().map(|list| list.filter.text().to_lowercase()).unwrap_or_default();
        let lines = self.entries.iter().enumerate().filter_map(|(i, entry)| self.line(i, entry));
        lines
            .filter(|line| {
                let (Ok(title) | Err(title)) = line.title;
                let text = searchable(&format!("{} {title} {}", line.name, line.description));
                wanted.split_whitespace().all(|word| text.contains(word))
            })
            .collect()
    }

    fn line<'a>(&'a self, i: usize, entry: &'a Entry) -> Option<Line<'a>> {
        let language = self.state.settings().language;
        let (title, description, t, is_edited) = match (self.opened(i), &entry.stage) {
            (Some(state), _) => {
                let scenario = state.scenario();
                let description = scenario.description.as_ref().map_or("", |text| text.get(language));
                let title = state.broken().map_or(Ok(scenario.title.get(language)), |broken| Err(broken.fault.get(language)));
                (title, description, state.t(), state.edited_numbers() > 0)
            }
            (None, Stage::Failed(reason)) => (Err(reason.get(language)), "", 0, false),
            (None, _) => return None,
        };
        let is_shown = i == self.shown;
        Some(Line {
            group: entry.group,
            name: called(&entry.name).get(language).to_owned(),
            title,
            description,
            t,
            is_shown,
            is_edited,
            entry: i,
        })
    }
}
