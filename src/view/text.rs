//! The words of the screen, of the hand-outs and of the lines without a screen, in English and Spanish.

use crate::app::settings::{Language, Phrase};
use crate::engine::activation::Activation;
use crate::engine::cell::GateName;
use crate::engine::network::Layer;

/// One text, or several that belong together.
macro_rules! shape {
    ($text:literal) => { &'static str };
    ([$($text:literal),* $(,)?]) => { [&'static str; [$($text),*].len()] };
}

/// The fields of [`Words`], each with what it says in English and in Spanish.
macro_rules! words {
    ($($name:ident: $en:tt / $es:tt;)*) => {
        /// Every fixed text of the screen in one language.
        #[derive(Debug)]
        #[allow(missing_docs, reason = "each field is named after what it says")]
        pub struct Words {
            $(pub $name: shape!($en),)*
        }

        const EN: Words = Words { $($name: $en,)* };

        const ES: Words = Words { $($name: $es,)* };

        impl Words {
            /// All of them, with the names of their fields.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                let mut all = Vec::new();
                $(all.extend(self.$name.texts().iter().map(|text| (stringify!($name), *text)));)*
                all
            }
        }
    };
}

/// The texts of a field.
trait Texts {
    fn texts(&self) -> &[&'static str];
}

impl Texts for &'static str {
    fn texts(&self) -> &[&'static str] {
        std::slice::from_ref(self)
    }
}

impl<const N: usize> Texts for [&'static str; N] {
    fn texts(&self) -> &[&'static str] {
        self
    }
}

words! {
    input: "Input" / "Entrada";
    output: "Output" / "Salida";
    output_in_short: "out" / "sale";
    outputs_of: "outputs of layer" / "salidas de la capa";
    claim: "claim" / "afirmada";
    claim_in_short: "says" / "dice";
    claimed: "claimed" / "afirmada";
    weighted_sum: "Weighted sum" / "Suma ponderada";
    weight: "weight" / "peso";
    value: "value" / "valor";
    product: "product" / "producto";
    bias: "bias" / "sesgo";
    more: "more" / "más";
    terms: "terms" / "términos";
    activation: "Activation" / "Activación";
    linear: "linear" / "lineal";
    slope: "slope" / "pendiente";
    hidden_state: "Hidden state" / "Estado oculto";
    hidden_and_cell_state: "Hidden state h, cell state c" / "Estado oculto h y de celda c";
    backward: "backward" / "hacia atrás";
    initial: "is the initial state" / "es el estado inicial";
    initial_states: "are the initial states" / "son los estados iniciales";
    carried_to: "carried to" / "llevado a";
    carried_no_further: "last timestep: carried no further" / "último paso: no se lleva a ningún otro";
    nothing_carried: "a dense layer carries nothing on" / "una capa densa no lleva nada al paso siguiente";
    carried_to_none_before: "first timestep: carried no further" / "primer paso: no se lleva a ningún otro";
    window_carries_nothing: "a convolution carries nothing on" / "una convolución no lleva nada al paso siguiente";
    sees_rows: "it sees the rows" / "ve las filas";
    gates: "Gates" / "Puertas";
    gate_names:
        [
            "input gate", "forget gate", "cell gate", "output gate", "projection", "reset gate", "update gate",
            "recurrent part", "candidate",
        ]
        / [
            "puerta de entrada", "puerta de olvido", "puerta de celda", "puerta de salida", "proyección",
            "puerta de reinicio", "puerta de actualización", "parte recurrente", "candidato",
        ];
    gates_in_short:
        ["input", "forget", "cell", "output", "projection", "reset", "update", "recurrent", "candidate"]
        / ["entrada", "olvido", "celda", "salida", "proyección", "reinicio", "actualización", "recurrente", "candidato"];
    unrolled: "Unrolled in time" / "Desplegada en el tiempo";
    output_over_time: "Output over time" / "Salida en el tiempo";
    only_last: "computed at the last timestep only" / "se calcula solo en el último paso de tiempo";
    layer: "layer" / "capa";
    unit: "unit" / "unidad";
    step: "step" / "paso";
    veil: "veil" / "velo";
    covered_notes: "covered by the veil until the timestep is complete"
        / "tapadas por el velo hasta que el paso de tiempo esté completo";
    veiled_events: "an event would give away what the veil covers" / "un evento revelaría lo que tapa el velo";
    row_arrives: "the row arrives" / "llega la fila";
    sum: "sum" / "suma";
    combination: "combination" / "combinación";
    state_carried: "state carried" / "estado llevado";
    output_given: "output given" / "salida dada";
    computed: "computed" / "calculada";
    no_claim: "nothing is claimed at this timestep" / "en este paso no se afirma nada";
    overflow: "not a finite number, for the first time" / "no es un número finito, por primera vez";
    kinds: ["recurrent", "LSTM", "GRU", "dense", "convolution"] / ["recurrente", "LSTM", "GRU", "densa", "convolución"];
    notes: "Notes" / "Notas";
    no_notes: "no note for this timestep" / "no hay notas para este paso";
    help: "Help" / "Ayuda";
    initial_state: "the initial state" / "el estado inicial";
    carried_from: "carried from" / "llevado desde";
    recurrent_part: "Recurrent part: its states are fed back" / "Parte recurrente: sus estados se realimentan";
    dense_part: "Dense part: carries nothing on" / "Parte densa: no lleva nada al paso siguiente";
    convolution_part: "Convolution part: sees a few rows, carries nothing on"
        / "Parte convolucional: ve unas filas, no lleva nada";
    cells: ["cell", "cells"] / ["celda", "celdas"];
    units: ["unit", "units"] / ["unidad", "unidades"];
    inputs: ["input", "inputs"] / ["entrada", "entradas"];
    outputs: ["output", "outputs"] / ["salida", "salidas"];
    rows: ["row", "rows"] / ["fila", "filas"];
    layers: ["layer", "layers"] / ["capa", "capas"];
    sees: "sees" / "ve";
    reverse: "backward" / "hacia atrás";
    bidirectional: "both ways" / "en ambos sentidos";
    last_only: "last timestep only" / "solo el último paso";
    not_finite: "no finite number" / "número no finito";
    scenarios: "Scenarios" / "Escenarios";
    given: "given" / "dados";
    built_in: "built-in" / "incluidos";
    on_screen: "shown" / "visible";
    filter: "filter:" / "filtrar:";
    no_such_scenario: "no scenario has these words" / "ninguno tiene esas palabras";
    last_good_shown: "its last good version is shown" / "se muestra su última versión correcta";
    reloaded: "the file was read again" / "se ha vuelto a leer el archivo";
    edits_kept: ["edited number kept over it", "edited numbers kept over it"]
        / ["número editado se mantiene", "números editados se mantienen"];
    edits_lost: ["edited number is no longer in it", "edited numbers are no longer in it"]
        / ["número editado ya no está", "números editados ya no están"];
    built_in_has_no_file: "a built-in scenario has no file to read again"
        / "un escenario incluido no tiene archivo que volver a leer";
    standard_input_has_no_file: "standard input cannot be read again" / "la entrada estándar no se puede volver a leer";
    not_watched: "changes of the file are not noticed" / "no se notan los cambios del archivo";
    screen_at: "the screen of celda at" / "la pantalla de celda en";
    saved: "saved as" / "guardado como";
    not_saved: "not saved" / "no guardado";
    folder_forbidden: "this folder takes no new file; start celda in another"
        / "esta carpeta no admite archivos nuevos; abrir celda en otra";
    folder_gone: "the folder celda was started in is gone; start it in another"
        / "la carpeta donde se abrió celda ya no está; abrirlo en otra";
    disk_full: "the disk is full; make room and save again" / "el disco está lleno; hacer sitio y guardar de nuevo";
    names_taken: "too many files of this name are here; move them away"
        / "hay demasiados archivos de este nombre; moverlos a otro sitio";
    label: "label" / "etiqueta";
    of: "of" / "de";
    no_row: "no such row" / "no hay tal fila";
    no_labels: "no labels here: type t" / "no hay etiquetas: escribir t";
    autoplay: "autoplay" / "reproducción";
    stops_at_last: "this is the last timestep" / "este es el último paso";
    is_first: "this is the first timestep" / "este es el primer paso";
    notes_off: "notes off" / "notas ocultas";
    no_such_key: "no such key here; ? lists them" / "aquí no hay tal tecla; ? las enumera";
    stops_at_claim: "stops: what is claimed fails" / "se detiene: lo afirmado falla";
    goes_dead: "goes dead (ReLU)" / "muere (ReLU)";
    saturates: "saturates" / "se satura";
    changes_sign: "changes sign" / "cambia de signo";
    overflows: "overflows" / "se desborda";
    claim_fails: "claim fails" / "lo afirmado falla";
    no_event_after: "no event from here on" / "no hay eventos de aquí en adelante";
    no_event_before: "no event before here" / "no hay eventos antes de aquí";
    searching_events: "searching events" / "buscando eventos";
    search_interrupted: "search interrupted at" / "búsqueda interrumpida en";
    going_to: "going to" / "yendo a";
    computing: "computing" / "calculando";
    reloading: "taking over the new version" / "pasando a la versión nueva";
    any_key_interrupts: "any key interrupts" / "cualquier tecla interrumpe";
    interrupted: "interrupted: all is as it was" / "interrumpido: todo está como estaba";
    reload_interrupted: "interrupted: this is the version before" / "interrumpido: esta es la versión anterior";
    edited: "edited" / "editado";
    parts_at: "≠ original from" / "≠ original desde";
    no_difference: "= original so far" / "= original hasta aquí";
    original: "orig." / "orig.";
    difference: "diff." / "dif.";
    nothing_to_edit: "this cell has no number to edit at this timestep" / "esta celda no tiene números que editar en este paso";
    nothing_to_undo: "there is no edit to undo" / "no hay edición que deshacer";
    nothing_to_redo: "there is no edit to redo" / "no hay edición que rehacer";
    nothing_to_compare: "nothing is edited yet: the original is what is shown"
        / "aún no hay nada editado: lo que se ve es el original";
    nothing_to_write: "nothing is edited yet: there is nothing to write" / "aún no hay nada editado: no hay nada que guardar";
    comes_from: "comes from" / "viene de";
    undo_it: "undo that edit" / "deshacer esa edición";
    names_file: "the scenario names" / "el escenario usa";
    not_found_there: "which no other folder has" / "que no está en otra carpeta";
    take_over: ["take over the edit of an earlier run?", "take over the edits of an earlier run?"]
        / ["¿recuperar la edición de la vez anterior?", "¿recuperar las ediciones de la vez anterior?"];
    not_kept: "edits cannot be kept for the next start" / "las ediciones no se pueden guardar para la próxima vez";
    quit_unwritten: "quit without writing the edits?" / "¿salir sin guardar las ediciones?";
    quit_unwritten_of: "quit without writing the edits of" / "¿salir sin guardar las ediciones de";
    not_a_number: "no number; write 2.5 or -1e-3" / "no es un número; p. ej. 2.5 o -1e-3";
    decimal_comma: "a point, not a comma: 2.5" / "punto, no coma: 2.5";
    not_finite_typed: "only finite numbers" / "solo números finitos";
    too_large: "too large for a 64-bit float" / "demasiado grande para 64 bits";
    not_applied: "apply it or leave it first" / "aplicarlo o dejarlo antes";
    the_layers: "Layers" / "Capas";
    step_by_step: "Step by step" / "Paso a paso";
    now: "Now" / "Ahora";
    next: "Next" / "Siguiente";
    no_next: "this is the last timestep" / "este es el último paso";
    not_shown_yet: " (not shown yet)" / " (aún sin mostrar)";
}

/// The words of a language.
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::Es => &ES,
    }
}

impl Words {
    /// The name of a layer: the one the file gives, else its number from 1.
    pub fn layer_name(&self, given: Option<&str>, layer: usize) -> String {
        given.map_or_else(|| format!("{} {}", self.layer, layer + 1), str::to_owned)
    }

    /// What a gate is called; none for the only sum of a layer.
    pub fn gate(&self, gate: GateName) -> Option<&'static str> {
        Some(self.gate_names[gate_number(gate)?])
    }

    /// The same where it is said of the gates anyway.
    pub fn gate_in_short(&self, gate: GateName) -> Option<&'static str> {
        Some(self.gates_in_short[gate_number(gate)?])
    }

    /// What an activation is called: by the sign of its function, or in words where a formula does without it.
    pub const fn activation_name(&self, activation: Activation) -> &'static str {
        match activation {
            Activation::Linear => self.linear,
            activation => activation.symbol(),
        }
    }

    /// So many of something, whose name is given for one and for several.
    pub fn count(&self, number: usize, [one, several]: [&str; 2]) -> String {
        format!("{number} {}", if number == 1 { one } else { several })
    }

    /// What kind of layer it is.
    pub const fn kind(&self, layer: &Layer) -> &'static str {
        let [recurrent, lstm, gru, dense, conv] = self.kinds;
        match layer {
            Layer::Rnn(_) => recurrent,
            Layer::Lstm(_) => lstm,
            Layer::Gru(_) => gru,
            Layer::Dense(_) => dense,
            Layer::Conv(_) => conv,
        }
    }
}

/// Where the names of a gate are.
const fn gate_number(gate: GateName) -> Option<usize> {
    Some(match gate {
        GateName::Hidden => return None,
        GateName::Input => 0,
        GateName::Forget => 1,
        GateName::Cell => 2,
        GateName::Output => 3,
        GateName::Projection => 4,
        GateName::Reset => 5,
        GateName::Update => 6,
        GateName::Recurrent => 7,
        GateName::Candidate => 8,
    })
}

/// The signs on the screen and what they mean, for the help.
pub const LEGEND: [(&str, Phrase); 22] = [
    ("x1", Phrase { en: "an input of the layer", es: "una entrada de la capa" }),
    ("h(t)", Phrase { en: "hidden state at timestep t", es: "estado oculto en el paso t" }),
    ("y(t)", Phrase { en: "output of a dense layer", es: "salida de una capa densa" }),
    ("z(t)", Phrase { en: "weighted sum, before activation", es: "suma ponderada, antes de activar" }),
    ("c(t)", Phrase { en: "cell state of an LSTM", es: "estado de celda de una LSTM" }),
    ("i f g o", Phrase { en: "its gates: input forget cell output", es: "entrada, olvido, celda, salida" }),
    ("r z n", Phrase { en: "GRU: reset, update, candidate", es: "GRU: reinicio, actualiz., candidato" }),
    ("u(t)", Phrase { en: "its recurrent part, U·h + b_r", es: "su parte recurrente, U·h + b_r" }),
    ("m(t)", Phrase { en: "o·tanh(c), before a projection", es: "o·tanh(c), antes de proyectar" }),
    ("┃", Phrase { en: "a row that a convolution sees", es: "una fila que ve una convolución" }),
    ("Σ", Phrase { en: "the weighted sum so far", es: "la suma ponderada hasta aquí" }),
    ("_", Phrase { en: "not computed yet", es: "aún no calculado" }),
    ("≈", Phrase { en: "equal but for rounding", es: "igual salvo redondeo" }),
    ("██", Phrase { en: "a product, from the last one on", es: "un producto; sigue al anterior" }),
    ("… +3", Phrase { en: "so many have no room", es: "tantos no caben" }),
    ("▸", Phrase { en: "the unit or layer looked at", es: "la unidad o capa que se mira" }),
    ("╭▶ ◀╮", Phrase { en: "a state fed back to its layer", es: "un estado que vuelve a su capa" }),
    ("→ ←", Phrase { en: "a pass forward, a pass backward", es: "pasada adelante, pasada atrás" }),
    ("≡─ ▓█", Phrase { en: "heat map: negative, positive", es: "mapa de calor: negativo, positivo" }),
    ("» ✎", Phrase { en: "the number chosen, one edited", es: "el número elegido, uno editado" }),
    ("≠", Phrase { en: "first unlike the original", es: "primero distinto del original" }),
    ("✓ ✗", Phrase { en: "what is claimed holds, or fails", es: "lo afirmado se cumple, o falla" }),
];
