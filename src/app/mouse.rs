//! The mouse: what can be clicked, and what a click or a turn of the wheel does.

use super::action::Action;
use super::keymap::Mode;
use super::state::{Overlay, State};
use crate::scenario::edit::Number;

/// What a place on the screen stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A timestep: a row of the input table, a copy of the cell unrolled in time.
    Timestep(usize),
    /// A layer.
    Layer(usize),
    /// A unit, over all passes of its layer.
    Unit {
        /// The layer.
        layer: usize,
        /// The unit.
        unit: usize,
    },
    /// A gate of the unit looked at.
    Gate(usize),
    /// A number that is given, of the cell and the row looked at.
    Number(Number),
}

/// What the mouse did, at a column and a row of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The left button was pressed.
    Click(u16, u16),
    /// The wheel turned towards the hand.
    WheelDown,
    /// The wheel turned away from it.
    WheelUp,
}

/// What it does, where a click finds its target: a blank screen and a question see no mouse, and what lies on top is scrolled
/// but not clicked.
pub fn action(mouse: Mouse, mode: Mode, overlay: Overlay, hit: impl FnOnce(u16, u16) -> Option<Target>) -> Option<Action> {
    let scrolls = match (overlay, mode) {
        (Overlay::Blank, _) | (_, Mode::Answer) => return None,
        (Overlay::Help(_), _) | (_, Mode::Text) => true,
        (Overlay::None | Overlay::Opening, Mode::Keys { .. }) => false,
    };
    match mouse {
        Mouse::Click(x, y) => hit(x, y).map(Action::Choose),
        Mouse::WheelDown if scrolls => Some(Action::ScrollDown),
        Mouse::WheelUp if scrolls => Some(Action::ScrollUp),
        Mouse::WheelDown => Some(Action::Next),
        Mouse::WheelUp => Some(Action::Previous),
    }
}

impl State {
    /// Chooses what was clicked.
    pub(super) fn choose(&mut self, target: Target) {
        match target {
            Target::Timestep(t) => self.go(t),
            Target::Layer(layer) => self.choose_cell(layer, None),
            Target::Unit { layer, unit } => self.choose_cell(layer, Some(unit)),
            Target::Gate(gate) => self.choose_gate_at(gate),
            Target::Number(number) => self.type_number(number),
        }
    }
}
