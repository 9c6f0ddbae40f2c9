//! Where the stepper stands: `update` carries an action out, `fit` takes in what the screen can show.

mod focus;
mod peek;
mod reading;
mod reload;
mod stepping;
mod what_if;
mod work;

pub use focus::{Focus, Zoom};
pub use reload::Broken;

use super::action::Action;
use super::autoplay::Autoplay;
use super::edit::{Edits, Entry, Question};
use super::events::{Told, Way};
use super::foreseen::Foreseen;
use super::keymap::Mode;
use super::micro_step::Position;
use super::notice::Notice;
use super::request::Request;
use super::search::Search;
use super::settings::{Settings, TextSize};
use crate::engine::network::NetworkStep;
use crate::engine::timeline::Timeline;
use crate::scenario::Scenario;
use crate::scenario::edit::Number;
use focus::Turn;
use what_if::Comparison;
use work::Work;

/// The largest count a user can type before a motion.
const MOST_COUNT: usize = 999_999_999;

/// The stepper on one scenario.
#[derive(Clone, Debug)]
pub struct State {
    /// What is stepped through.
    run: Run,
    /// Where it stands.
    pub(super) here: Standpoint,
    /// What can be seen of that timestep, where it is not complete.
    seen: Option<NetworkStep>,
    /// What takes longer than a key has time for, while something does.
    work: Option<Work>,
    /// The number that is chosen and what is typed for it, while there is one.
    entry: Option<Entry>,
    /// What is asked, while it is.
    question: Option<Question>,
    /// The number edited last.
    chosen: Option<Number>,
    /// The number typed before a motion.
    count: Option<usize>,
    /// What lies on top of the panels.
    overlay: Overlay,
    /// What lies under a blank screen.
    covered: Overlay,
    /// Steps without a key.
    pub(super) autoplay: Autoplay,
    /// The search of a label that is open.
    pub(super) search: Option<Search>,
    /// The label searched for last.
    pub(super) sought: String,
    /// How it looks and speaks.
    settings: Settings,
    /// How many timesteps before the cursor, or after it, the screen may show.
    look_back: usize,
    /// How far things can be scrolled on the screen.
    limits: ScrollLimits,
}

/// What is stepped through, and all that was computed of it.
#[derive(Clone, Debug)]
struct Run {
    /// The scenario, with the edits in force.
    scenario: Scenario,
    /// Its course, of which the steps around the cursor are held.
    timeline: Timeline,
    /// What was edited, over the values of the file.
    edits: Edits,
    /// The numbers that are other than in the file.
    edited: Vec<Number>,
    /// The run of the original, while it is shown beside the edited one.
    comparison: Option<Comparison>,
    /// How large things get on the screen in the timesteps around the cursor.
    foreseen: Foreseen,
    /// What is wrong with the file, while its last good version is shown.
    broken: Option<Broken>,
}

/// Where the stepper stands: what a motion changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Standpoint {
    /// The cursor: the timestep shown, and how far it is worked out.
    pub position: Position,
    /// The cell looked at.
    focus: Focus,
    /// The unit looked at in each layer.
    units: Vec<usize>,
    /// From how far the panels look at it.
    zoom: Zoom,
    /// Whether the speaker notes are shown, and how far they are scrolled.
    notes: Option<usize>,
    /// The first term of the weighted sum shown.
    first_term: usize,
    /// The event told last.
    pub told: Option<Told>,
    /// What the last action changed.
    pub change: Change,
    /// What is to be said until the next key.
    pub notice: Option<Notice>,
}

/// What lies on top of the panels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// What the scenario is about, until the first key.
    Opening,
    /// The help, scrolled by so many lines.
    Help(usize),
    /// Nothing can be seen.
    Blank,
}

/// What the last action changed, which the screen marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change {
    /// Nothing of the numbers.
    #[default]
    None,
    /// The cursor moved on from this timestep: what came after it is new.
    Forward(usize),
    /// The cursor moved back.
    Back,
    /// The timestep shown was completed.
    Completed,
    /// A micro-step, on or back.
    MicroStep,
    /// Another layer, unit or gate, or another zoom.
    Focus,
    /// A number was given another value.
    Edit,
}

/// Something on the screen that an action may have given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The input row.
    Row,
    /// A product of the weighted sum looked at.
    Product(usize),
    /// That sum, or what of it there is.
    Sum,
    /// What the activation gives of it.
    Activation,
    /// A line that combines the gates.
    Line(usize),
    /// A unit, over all passes of a layer.
    Unit(usize, usize),
    /// The output and the state of a layer.
    Layer(usize),
}

/// How far each thing can be scrolled: the number of the first line shown when its end is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScrollLimits {
    /// The help.
    pub help: usize,
    /// The speaker notes.
    pub notes: usize,
    /// The terms of the weighted sum.
    pub terms: usize,
}

impl Change {
    /// Whether the numbers of the timestep shown are others than before.
    pub const fn is_new_timestep(self) -> bool {
        matches!(self, Self::Forward(_) | Self::Back | Self::Completed | Self::Edit)
    }
}

/// What the caller has to do after an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Go on.
    Go,
    /// Ask this of the world outside, and [tell](State::tell) what came of it.
    Ask(Request),
    /// Draw the whole screen anew.
    Redraw,
    /// Stop until continued.
    Suspend,
    /// End.
    Quit,
    /// End, and keep the edits that are not written.
    Interrupt,
}

impl State {
    /// The stepper at the first timestep of a scenario.
    pub fn new(scenario: Scenario, settings: Settings) -> Self {
        let units = vec![0; scenario.network.layers.len()];
        let edits = Edits::new(scenario.values());
        let mut state = Self {
            run: Run::new(scenario, edits, None),
            here: Standpoint { units, ..Standpoint::default() },
            seen: None,
            work: None,
            entry: None,
            question: None,
            chosen: None,
            count: None,
            overlay: Overlay::Opening,
            covered: Overlay::None,
            autoplay: Autoplay::default(),
            search: None,
            sought: String::new(),
            settings,
            look_back: 0,
            limits: ScrollLimits::default(),
        };
        state.show();
        state.opened_at(0)
    }

    /// Carries out an action. What takes longer than a moment goes on after it, until it is [done](Self::work_on) or
    /// [interrupted](Self::interrupt_work), by another action too; the screen stays as it is until then.
    pub fn update(&mut self, action: Action) -> Outcome {
        match action {
            Action::Redraw => return Outcome::Redraw,
            Action::Suspend if self.is_working() => return Outcome::Suspend,
            _ => {}
        }
        // What is typed into a field, or answers a question, is about that.
        let interrupted = match self.mode() {
            Mode::Keys { .. } => self.interrupt_work(),
            Mode::Text | Mode::Answer => Outcome::Go,
        };
        let before = self.here.clone();
        match self.carry_out(action) {
            outcome @ (Outcome::Quit | Outcome::Interrupt) => outcome,
            outcome => {
                self.settle(before);
                if outcome == Outcome::Go { interrupted } else { outcome }
            }
        }
    }

    fn carry_out(&mut self, action: Action) -> Outcome {
        if self.overlay == Overlay::Opening && !action.is_about_the_program() {
            self.overlay = Overlay::None;
        }
        let notice = self.here.notice.take();
        if let Some(question) = self.question.take()
            && let Some(outcome) = self.answer(question, action)
        {
            return outcome;
        }
        if let Some(entry) = self.entry.take()
            && let Some(outcome) = self.typing(entry, action)
        {
            return outcome;
        }
        if let Action::Digit(digit) = action {
            let count = self.count.unwrap_or(0).saturating_mul(10).saturating_add(usize::from(digit));
            self.count = Some(count.min(MOST_COUNT));
            return Outcome::Go;
        }
        let count = self.count.take();
        let times = count.unwrap_or(1);
        self.pause_for(action);
        if action == Action::Close && (count.is_some() || notice.is_some()) {
            return Outcome::Go;
        }
        if !action.is_about_the_program() {
            self.here.change = Change::None;
            if self.overlay == Overlay::Blank && action != Action::Blank {
                self.uncover();
                if action == Action::Close {
                    return Outcome::Go;
                }
            }
        }
        let is_help = matches!(self.overlay, Overlay::Help(_));
        match action {
            Action::Next => self.next(times),
            Action::Previous => self.previous(times),
            Action::NextMicroStep | Action::ScrollDown if is_help => self.scroll(|lines| lines.saturating_add(times)),
            Action::PreviousMicroStep | Action::ScrollUp if is_help => self.scroll(|lines| lines.saturating_sub(times)),
            Action::NextMicroStep => self.micro_forward(times),
            Action::PreviousMicroStep => self.micro_backward(times),
            Action::First => self.go(0),
            Action::Last => self.go(count.unwrap_or(usize::MAX)),
            Action::Play => self.toggle_play(),
            Action::Faster => self.change_speed(|speed| speed.faster(times)),
            Action::Slower => self.change_speed(|speed| speed.slower(times)),
            Action::NextEvent => self.search_event(Way::Forward, times),
            Action::PreviousEvent => self.search_event(Way::Backward, times),
            Action::Veil => self.toggle_veil(),
            Action::NextUnit => self.choose_unit(times, Turn::Forward),
            Action::PreviousUnit => self.choose_unit(times, Turn::Backward),
            Action::NextLayer => self.choose_layer(times, Turn::Forward),
            Action::PreviousLayer => self.choose_layer(times, Turn::Backward),
            Action::NextGate => self.choose_gate(times, Turn::Forward),
            Action::PreviousGate => self.choose_gate(times, Turn::Backward),
            // Nothing is closer than large text, and what is next to it are the panels of its cell.
            Action::ZoomIn if self.settings.text == TextSize::Large => {}
            Action::ZoomOut if self.settings.text == TextSize::Large => {
                self.settings.text = TextSize::Ordinary;
                self.look_from(Zoom::Cell);
            }
            Action::ZoomIn => self.look_from(self.here.zoom.closer()),
            Action::ZoomOut => self.look_from(self.here.zoom.farther()),
            Action::Search => {
                self.overlay = Overlay::None;
                self.open_search();
            }
            Action::Type(edit) => self.edit_search(edit),
            Action::Accept => self.accept_search(),
            Action::Close if self.search.is_some() => self.leave_search(),
            Action::ScrollDown if self.search.is_some() => self.next_match(),
            Action::ScrollUp if self.search.is_some() => self.previous_match(),
            Action::ScrollDown => self.scroll(|lines| lines.saturating_add(times)),
            Action::ScrollUp => self.scroll(|lines| lines.saturating_sub(times)),
            Action::TextSize => {
                self.settings.text = self.settings.text.next();
                self.here.change = Change::Focus;
            }
            Action::Edit => self.choose_number(),
            Action::Choose(target) => self.choose(target),
            Action::Undo => return self.undo(times),
            Action::Redo => return self.redo(times),
            Action::Compare => self.compare(),
            Action::Write => return self.write(),
            Action::Notes => self.here.notes = if self.here.notes.is_some() { None } else { Some(0) },
            Action::Blank if self.overlay == Overlay::Blank => self.uncover(),
            Action::Blank => self.covered = std::mem::replace(&mut self.overlay, Overlay::Blank),
            Action::Help if matches!(self.overlay, Overlay::Help(_)) => self.overlay = Overlay::None,
            Action::Help => self.overlay = Overlay::Help(0),
            Action::Theme => self.settings.theme = self.settings.theme.next(),
            Action::Language => self.settings.language = self.settings.language.next(),
            Action::NumberFormat => self.settings.numbers = self.settings.numbers.next(),
            Action::Close if self.overlay != Overlay::None => self.overlay = Overlay::None,
            Action::Close => self.here.notes = None,
            Action::Reload => return Outcome::Ask(Request::Reload),
            Action::SaveFrame => {
                self.uncover();
                return Outcome::Ask(Request::SaveFrame);
            }
            Action::Redraw => return Outcome::Redraw,
            Action::Suspend => return Outcome::Suspend,
            Action::Quit if !self.unwritten_edits().is_empty() => return self.ask_to_quit(None),
            Action::Quit => return Outcome::Quit,
            Action::Interrupt => return Outcome::Interrupt,
            // An answer where nothing is asked; a digit is counted above, and the list of scenarios is the lecture's.
            Action::Yes | Action::No | Action::Digit(_) | Action::Scenarios => {}
        }
        Outcome::Go
    }

    /// Says what came of an [`Outcome`], until the next action.
    pub fn tell(&mut self, notice: Notice) {
        self.here.notice = Some(notice);
    }

    /// Takes over how another scenario looked and spoke.
    pub const fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
    }

    fn uncover(&mut self) {
        if self.overlay == Overlay::Blank {
            self.overlay = self.covered;
        }
    }

    /// The same stepper, opened at a timestep, or at the last one if there are fewer.
    #[must_use]
    pub fn opened_at(mut self, t: usize) -> Self {
        let before = self.here.clone();
        self.go(t);
        self.here.change = Change::None;
        if t > 0 {
            self.overlay = Overlay::None;
        }
        self.settle(before);
        self
    }

    /// Takes in what a screen of so many columns and rows can show.
    pub fn take_in(&mut self, (columns, rows): (u16, u16)) {
        self.see_back(columns.max(rows).into());
    }

    /// Scrolls nothing beyond its end; gives whether something is scrolled otherwise than before.
    pub fn limit(&mut self, limits: ScrollLimits) -> bool {
        let before = (self.overlay, self.here.notes, self.here.first_term);
        self.limits = limits;
        if let Overlay::Help(lines) = &mut self.overlay {
            *lines = (*lines).min(limits.help);
        }
        self.here.notes = self.here.notes.map(|lines| lines.min(limits.notes));
        self.here.first_term = self.here.first_term.min(limits.terms);
        self.follow_term();
        (self.overlay, self.here.notes, self.here.first_term) != before
    }

    /// The timestep after the one shown, if there is one: computed now, and there when the cursor goes to it.
    pub fn next_step(&mut self) -> Option<&NetworkStep> {
        let (t, next) = (self.here.position.t, self.here.position.t + 1);
        self.run.timeline.hold(t.saturating_sub(self.look_back), next);
        self.run.timeline.get(next)
    }

    /// Scrolls what is open on top, else the terms, the units or the layers, no further than the end.
    fn scroll(&mut self, by: impl Fn(usize) -> usize) {
        match (&mut self.overlay, &mut self.here.notes) {
            (Overlay::Help(lines), _) => *lines = by(*lines).min(self.limits.help),
            (_, Some(lines)) => *lines = by(*lines).min(self.limits.notes),
            _ => match self.zoom() {
                Zoom::Network => self.choose_cell(by(self.here.focus.layer), None),
                Zoom::Layer => self.choose_cell(self.here.focus.layer, Some(by(self.here.focus.unit))),
                Zoom::Cell => self.here.first_term = by(self.here.first_term).min(self.limits.terms),
            },
        }
    }
}
