//! The keys: one table that feeds the dispatch, the footer, the help, the man page and the README's key table.

use super::action::Action;
use super::field::Edit;
use super::key::Key;
use super::settings::{Charset, Language, Phrase};
use Key::{BackTab, Backspace, Char, Ctrl, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up};

/// Some keys, what they do, and how that is called.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The keys; the first is the one the footer names.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// What they do, in a few words.
    pub help: Phrase,
    /// A word or two for the footer, where they belong there.
    pub footer: Option<Phrase>,
}

/// These mean the same in every table that has them.
const REDRAW: Binding = Binding {
    keys: &[Ctrl('l')],
    action: Action::Redraw,
    help: Phrase { en: "redraw the screen", es: "redibujar la pantalla" },
    footer: None,
};

const SUSPEND: Binding = Binding {
    keys: &[Ctrl('z')],
    action: Action::Suspend,
    help: Phrase { en: "suspend; fg in the shell comes back", es: "suspender; fg lo reanuda" },
    footer: None,
};

const QUIT: Binding = Binding {
    keys: &[Char('q')],
    action: Action::Quit,
    help: Phrase { en: "quit", es: "salir" },
    footer: Some(Phrase { en: "quit", es: "salir" }),
};

const INTERRUPT: Binding = Binding {
    keys: &[Ctrl('c')],
    action: Action::Interrupt,
    help: Phrase { en: "quit at once; edits are kept", es: "salir ya; quedan las ediciones" },
    footer: None,
};

/// Every binding, in the order of the help.
pub const BINDINGS: [Binding; 43] = [
    Binding {
        keys: &[Right, Char('l'), Char('n'), Char(' '), Enter, PageDown],
        action: Action::Next,
        help: Phrase { en: "next timestep", es: "paso de tiempo siguiente" },
        footer: Some(Phrase { en: "next", es: "siguiente" }),
    },
    Binding {
        keys: &[Left, Char('h'), Char('p'), Backspace, PageUp],
        action: Action::Previous,
        help: Phrase { en: "previous timestep", es: "paso de tiempo anterior" },
        footer: Some(Phrase { en: "previous", es: "anterior" }),
    },
    Binding {
        keys: &[Down, Char('j')],
        action: Action::NextMicroStep,
        help: Phrase { en: "next micro-step in the timestep", es: "micropaso siguiente dentro del paso" },
        footer: Some(Phrase { en: "micro-step", es: "micropaso" }),
    },
    Binding {
        keys: &[Up, Char('k')],
        action: Action::PreviousMicroStep,
        help: Phrase { en: "previous micro-step", es: "micropaso anterior" },
        footer: None,
    },
    Binding {
        keys: &[Home, Char('0')],
        action: Action::First,
        help: Phrase { en: "first timestep", es: "primer paso de tiempo" },
        footer: None,
    },
    Binding {
        keys: &[End, Char('G')],
        action: Action::Last,
        help: Phrase { en: "last timestep; 12G goes to t = 12", es: "último paso; 12G va a t = 12" },
        footer: None,
    },
    Binding {
        keys: &[Char('a')],
        action: Action::Play,
        help: Phrase { en: "autoplay on or off", es: "reproducción automática, sí o no" },
        footer: Some(Phrase { en: "pause", es: "pausa" }),
    },
    Binding {
        keys: &[Char('+')],
        action: Action::Faster,
        help: Phrase { en: "autoplay faster", es: "reproducir más deprisa" },
        footer: None,
    },
    Binding {
        keys: &[Char('-')],
        action: Action::Slower,
        help: Phrase { en: "autoplay slower", es: "reproducir más despacio" },
        footer: None,
    },
    Binding {
        keys: &[Char('>')],
        action: Action::NextEvent,
        help: Phrase { en: "next event: saturates, sign, …", es: "evento siguiente: saturación, …" },
        footer: None,
    },
    Binding {
        keys: &[Char('<')],
        action: Action::PreviousEvent,
        help: Phrase { en: "previous event", es: "evento anterior" },
        footer: None,
    },
    Binding {
        keys: &[Tab],
        action: Action::NextUnit,
        help: Phrase { en: "next unit (cell)", es: "unidad (celda) siguiente" },
        footer: Some(Phrase { en: "unit", es: "unidad" }),
    },
    Binding {
        keys: &[BackTab],
        action: Action::PreviousUnit,
        help: Phrase { en: "previous unit (cell)", es: "unidad (celda) anterior" },
        footer: None,
    },
    Binding {
        keys: &[Char('J')],
        action: Action::NextLayer,
        help: Phrase { en: "next layer", es: "capa siguiente" },
        footer: Some(Phrase { en: "layer", es: "capa" }),
    },
    Binding {
        keys: &[Char('K')],
        action: Action::PreviousLayer,
        help: Phrase { en: "previous layer", es: "capa anterior" },
        footer: None,
    },
    Binding {
        keys: &[Char('.')],
        action: Action::NextGate,
        help: Phrase { en: "next gate", es: "puerta siguiente" },
        footer: Some(Phrase { en: "gate", es: "puerta" }),
    },
    Binding {
        keys: &[Char(',')],
        action: Action::PreviousGate,
        help: Phrase { en: "previous gate", es: "puerta anterior" },
        footer: None,
    },
    Binding {
        keys: &[Char('z')],
        action: Action::ZoomIn,
        help: Phrase { en: "zoom in: network, layer, cell", es: "acercar: red, capa, celda" },
        footer: Some(Phrase { en: "zoom in", es: "acercar" }),
    },
    Binding {
        keys: &[Char('Z')],
        action: Action::ZoomOut,
        help: Phrase { en: "zoom out: cell, layer, network", es: "alejar: celda, capa, red" },
        footer: Some(Phrase { en: "zoom out", es: "alejar" }),
    },
    Binding {
        keys: &[Char('v')],
        action: Action::Veil,
        help: Phrase { en: "veil: guess, then see", es: "velo: adivinar y luego ver" },
        footer: None,
    },
    Binding {
        keys: &[Ctrl('e')],
        action: Action::ScrollDown,
        help: Phrase { en: "down: help, notes, terms or units", es: "bajar: notas, términos, unidades" },
        footer: None,
    },
    Binding {
        keys: &[Ctrl('y')],
        action: Action::ScrollUp,
        help: Phrase { en: "up, likewise", es: "subir, igualmente" },
        footer: None,
    },
    Binding {
        keys: &[Char('e')],
        action: Action::Edit,
        help: Phrase { en: "edit a number of the cell", es: "editar un número de la celda" },
        footer: Some(Phrase { en: "edit", es: "editar" }),
    },
    Binding {
        keys: &[Char('u')],
        action: Action::Undo,
        help: Phrase { en: "undo an edit", es: "deshacer una edición" },
        footer: None,
    },
    Binding {
        keys: &[Ctrl('r')],
        action: Action::Redo,
        help: Phrase { en: "redo an edit", es: "rehacer una edición" },
        footer: None,
    },
    Binding {
        keys: &[Char('=')],
        action: Action::Compare,
        help: Phrase { en: "compare with the original, or not", es: "comparar con el original, sí o no" },
        footer: None,
    },
    Binding {
        keys: &[Char('w')],
        action: Action::Write,
        help: Phrase { en: "write the edits to a new file", es: "guardar lo editado en otro archivo" },
        footer: None,
    },
    Binding {
        keys: &[Char('s')],
        action: Action::SaveFrame,
        help: Phrase { en: "save this frame as SVG", es: "guardar esta pantalla como SVG" },
        footer: None,
    },
    Binding {
        keys: &[Char('F')],
        action: Action::TextSize,
        help: Phrase { en: "large text, or the panels", es: "letras grandes, o los paneles" },
        footer: None,
    },
    Binding {
        keys: &[Char('/')],
        action: Action::Search,
        help: Phrase { en: "search the row labels", es: "buscar una fila por su etiqueta" },
        footer: None,
    },
    Binding {
        keys: &[Ctrl('o')],
        action: Action::Scenarios,
        help: Phrase { en: "choose another scenario", es: "elegir otro escenario" },
        footer: None,
    },
    Binding {
        keys: &[Char('o')],
        action: Action::Notes,
        help: Phrase { en: "speaker notes on or off", es: "notas del docente, sí o no" },
        footer: Some(Phrase { en: "notes", es: "notas" }),
    },
    Binding {
        keys: &[Char('b')],
        action: Action::Blank,
        help: Phrase { en: "blank the screen, and back", es: "pantalla en negro, y volver" },
        footer: None,
    },
    Binding { keys: &[Char('t')], action: Action::Theme, help: Phrase { en: "next theme", es: "tema siguiente" }, footer: None },
    Binding {
        keys: &[Char('L')],
        action: Action::Language,
        help: Phrase { en: "next language", es: "idioma siguiente" },
        footer: None,
    },
    Binding {
        keys: &[Char('f')],
        action: Action::NumberFormat,
        help: Phrase { en: "numbers short or in full", es: "números cortos o completos" },
        footer: None,
    },
    Binding {
        keys: &[Char('r')],
        action: Action::Reload,
        help: Phrase { en: "reload the file", es: "volver a leer el archivo" },
        footer: None,
    },
    Binding {
        keys: &[Char('?'), F(1)],
        action: Action::Help,
        help: Phrase { en: "help on or off", es: "ayuda, sí o no" },
        footer: Some(Phrase { en: "help", es: "ayuda" }),
    },
    Binding {
        keys: &[Esc],
        action: Action::Close,
        help: Phrase { en: "close what is open on top", es: "cerrar lo último que se abrió" },
        footer: None,
    },
    REDRAW,
    SUSPEND,
    QUIT,
    INTERRUPT,
];

/// What the keys do that are no text, while a text field is open.
pub const FIELD_BINDINGS: [Binding; 10] = [
    Binding {
        keys: &[Enter],
        action: Action::Accept,
        help: Phrase { en: "in a text field: accept", es: "en un campo de texto: aceptar" },
        footer: Some(Phrase { en: "accept", es: "aceptar" }),
    },
    Binding {
        keys: &[Esc],
        action: Action::Close,
        help: Phrase { en: "in a text field: leave it", es: "en un campo de texto: dejarlo" },
        footer: Some(Phrase { en: "back", es: "volver" }),
    },
    Binding {
        keys: &[Tab, Down, Right],
        action: Action::ScrollDown,
        help: Phrase { en: "in a field: next number or match", es: "en un campo de texto: el siguiente" },
        footer: Some(Phrase { en: "next", es: "siguiente" }),
    },
    Binding {
        keys: &[BackTab, Up, Left],
        action: Action::ScrollUp,
        help: Phrase { en: "in a field: previous one", es: "en un campo de texto: el anterior" },
        footer: None,
    },
    Binding {
        keys: &[Backspace, Ctrl('h')],
        action: Action::Type(Edit::DeleteChar),
        help: Phrase { en: "in a text field: delete a character", es: "en un campo: borrar un carácter" },
        footer: None,
    },
    Binding {
        keys: &[Ctrl('w')],
        action: Action::Type(Edit::DeleteWord),
        help: Phrase { en: "in a text field: delete a word", es: "en un campo: borrar una palabra" },
        footer: None,
    },
    Binding {
        keys: &[Ctrl('u')],
        action: Action::Type(Edit::Clear),
        help: Phrase { en: "in a text field: delete all", es: "en un campo: borrar todo" },
        footer: None,
    },
    REDRAW,
    SUSPEND,
    INTERRUPT,
];

/// The answers, while a question is asked; of the other keys only those that stop or end the program do anything.
pub const ANSWERS: [Binding; 5] = [
    Binding {
        keys: &[Char('y'), Char('s')],
        action: Action::Yes,
        help: Phrase { en: "asked a question: yes", es: "a una pregunta: sí" },
        footer: Some(Phrase { en: "yes", es: "sí" }),
    },
    Binding {
        keys: &[Char('n')],
        action: Action::No,
        help: Phrase { en: "asked a question: no", es: "a una pregunta: no" },
        footer: Some(Phrase { en: "no", es: "no" }),
    },
    Binding {
        keys: &[Esc],
        action: Action::Close,
        help: Phrase { en: "asked a question: not now", es: "a una pregunta: ahora no" },
        footer: Some(Phrase { en: "not now", es: "ahora no" }),
    },
    SUSPEND,
    INTERRUPT,
];

/// What the keys do on the lecturer's own screen.
pub const NOTES_BINDINGS: [Binding; 7] = [
    Binding {
        keys: &[Down, Char('j')],
        action: Action::ScrollDown,
        help: Phrase { en: "in celda notes: down", es: "en celda notes: bajar" },
        footer: Some(Phrase { en: "more", es: "más" }),
    },
    Binding {
        keys: &[Up, Char('k')],
        action: Action::ScrollUp,
        help: Phrase { en: "in celda notes: up", es: "en celda notes: subir" },
        footer: None,
    },
    Binding {
        keys: &[Char('L')],
        action: Action::Language,
        help: Phrase { en: "next language", es: "idioma siguiente" },
        footer: Some(Phrase { en: "language", es: "idioma" }),
    },
    Binding {
        keys: &[Char('t')],
        action: Action::Theme,
        help: Phrase { en: "next theme", es: "tema siguiente" },
        footer: Some(Phrase { en: "theme", es: "tema" }),
    },
    REDRAW,
    SUSPEND,
    Binding { keys: &[Char('q'), Ctrl('c')], ..QUIT },
];

/// What the stepper takes keys for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Actions, of which this number was typed before.
    Keys {
        /// The number, where there is one.
        count: Option<usize>,
    },
    /// Text in a field.
    Text,
    /// The answer to a question.
    Answer,
}

/// What the help says of digits, which are not in the table because every one of them is the same.
pub const COUNT: (&str, Phrase) = ("5n", Phrase { en: "a number before a motion repeats it", es: "un número delante lo repite" });

/// Those of the keys of a text field that mean something else, or nothing, outside one.
pub fn only_in_fields() -> impl Iterator<Item = &'static Binding> {
    FIELD_BINDINGS.iter().filter(|binding| BINDINGS.iter().all(|other| other.help != binding.help))
}

impl Binding {
    /// The keys as they are shown, separated by spaces.
    pub fn keys_shown(&self, charset: Charset, language: Language) -> String {
        self.keys.iter().map(|key| key.shown(charset, language).to_string()).collect::<Vec<_>>().join(" ")
    }
}

/// What a key does in the stepper; digits are a count, of which `0` can only be a later digit, or text.
pub fn action(key: Key, mode: Mode) -> Option<Action> {
    match (mode, key) {
        (Mode::Text, Char(c)) => Some(Action::Type(Edit::Insert(c))),
        (Mode::Text, _) => bound(key, &FIELD_BINDINGS),
        (Mode::Answer, _) => bound(key, &ANSWERS),
        (Mode::Keys { .. }, Char(digit @ '1'..='9')) => Some(Action::Digit(digit as u8 - b'0')),
        (Mode::Keys { count: Some(_) }, Char('0')) => Some(Action::Digit(0)),
        (Mode::Keys { .. }, _) => bound(key, &BINDINGS),
    }
}

/// What a key does on the lecturer's own screen.
pub fn notes_action(key: Key) -> Option<Action> {
    bound(key, &NOTES_BINDINGS)
}

fn bound(key: Key, bindings: &[Binding]) -> Option<Action> {
    bindings.iter().find(|binding| binding.keys.contains(&key)).map(|binding| binding.action)
}
