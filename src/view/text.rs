//! The words of the screen in English and Spanish.

use crate::app::settings::{Language, Phrase};
use crate::engine::cell::GateName;
use crate::engine::network::Layer;

/// Every fixed text of the screen in one language.
#[derive(Debug)]
#[allow(missing_docs, reason = "each field is named after what it says")]
pub struct Words {
    pub input: &'static str,
    pub output: &'static str,
    pub outputs_of: &'static str,
    pub claim: &'static str,
    pub claimed: &'static str,
    pub weighted_sum: &'static str,
    pub weight: &'static str,
    pub value: &'static str,
    pub product: &'static str,
    pub bias: &'static str,
    pub more: &'static str,
    pub terms: &'static str,
    pub activation: &'static str,
    pub slope: &'static str,
    pub hidden_state: &'static str,
    pub hidden_and_cell_state: &'static str,
    pub backward: &'static str,
    pub initial: &'static str,
    pub initial_states: &'static str,
    pub carried_to: &'static str,
    pub carried_no_further: &'static str,
    pub nothing_carried: &'static str,
    pub carried_to_none_before: &'static str,
    pub window_carries_nothing: &'static str,
    pub sees_rows: &'static str,
    pub gates: &'static str,
    pub gate_names: [&'static str; 9],
    pub unrolled: &'static str,
    pub output_over_time: &'static str,
    pub only_last: &'static str,
    pub layer: &'static str,
    pub unit: &'static str,
    pub step: &'static str,
    pub computed: &'static str,
    pub no_claim: &'static str,
    pub overflow: &'static str,
    pub kinds: [&'static str; 5],
    pub notes: &'static str,
    pub no_notes: &'static str,
    pub help: &'static str,
    pub initial_state: &'static str,
    pub carried_from: &'static str,
    pub recurrent_part: &'static str,
    pub dense_part: &'static str,
    pub convolution_part: &'static str,
    pub cells: [&'static str; 2],
    pub units: [&'static str; 2],
    pub inputs: [&'static str; 2],
    pub outputs: [&'static str; 2],
    pub rows: [&'static str; 2],
    pub layers: [&'static str; 2],
    pub sees: &'static str,
    pub reverse: &'static str,
    pub bidirectional: &'static str,
    pub last_only: &'static str,
    pub not_finite: &'static str,
}

const EN: Words = Words {
    input: "Input",
    output: "Output",
    outputs_of: "outputs of layer",
    claim: "claim",
    claimed: "claimed",
    weighted_sum: "Weighted sum",
    weight: "weight",
    value: "value",
    product: "product",
    bias: "bias",
    more: "more",
    terms: "terms",
    activation: "Activation",
    slope: "slope",
    hidden_state: "Hidden state",
    hidden_and_cell_state: "Hidden state h, cell state c",
    backward: "backward",
    initial: "is the initial state",
    initial_states: "are the initial states",
    carried_to: "carried to",
    carried_no_further: "last timestep: carried no further",
    nothing_carried: "a dense layer carries nothing on",
    carried_to_none_before: "first timestep: carried no further",
    window_carries_nothing: "a convolution carries nothing on",
    sees_rows: "it sees the rows",
    gates: "Gates",
    gate_names: [
        "input gate",
        "forget gate",
        "cell gate",
        "output gate",
        "projection",
        "reset gate",
        "update gate",
        "recurrent part",
        "candidate",
    ],
    unrolled: "Unrolled in time",
    output_over_time: "Output over time",
    only_last: "computed at the last timestep only",
    layer: "layer",
    unit: "unit",
    step: "step",
    computed: "computed",
    no_claim: "nothing is claimed at this timestep",
    overflow: "not a finite number, for the first time",
    kinds: ["recurrent", "LSTM", "GRU", "dense", "convolution"],
    notes: "Notes",
    no_notes: "no note for this timestep",
    help: "Help",
    initial_state: "the initial state",
    carried_from: "carried from",
    recurrent_part: "Recurrent part: its states are fed back",
    dense_part: "Dense part: carries nothing on",
    convolution_part: "Convolution part: sees a few rows, carries nothing on",
    cells: ["cell", "cells"],
    units: ["unit", "units"],
    inputs: ["input", "inputs"],
    outputs: ["output", "outputs"],
    rows: ["row", "rows"],
    layers: ["layer", "layers"],
    sees: "sees",
    reverse: "backward",
    bidirectional: "both ways",
    last_only: "last timestep only",
    not_finite: "no finite number",
};

const ES: Words = Words {
    input: "Entrada",
    output: "Salida",
    outputs_of: "salidas de la capa",
    claim: "dicho",
    claimed: "afirmado",
    weighted_sum: "Suma ponderada",
    weight: "peso",
    value: "valor",
    product: "producto",
    bias: "sesgo",
    more: "más",
    terms: "términos",
    activation: "Activación",
    slope: "pendiente",
    hidden_state: "Estado oculto",
    hidden_and_cell_state: "Estado oculto h y de la celda c",
    backward: "hacia atrás",
    initial: "es el estado inicial",
    initial_states: "son los estados iniciales",
    carried_to: "llevado a",
    carried_no_further: "último paso: no se lleva a ningún otro",
    nothing_carried: "una capa densa no lleva nada al paso siguiente",
    carried_to_none_before: "primer paso: no se lleva a ningún otro",
    window_carries_nothing: "una convolución no lleva nada al paso siguiente",
    sees_rows: "ve las filas",
    gates: "Puertas",
    gate_names: [
        "puerta de entrada",
        "puerta de olvido",
        "puerta de la celda",
        "puerta de salida",
        "proyección",
        "puerta de reinicio",
        "puerta de actualización",
        "parte recurrente",
        "candidato",
    ],
    unrolled: "Desplegada en el tiempo",
    output_over_time: "Salida en el tiempo",
    only_last: "se calcula solo en el último paso de tiempo",
    layer: "capa",
    unit: "unidad",
    step: "paso",
    computed: "calculado",
    no_claim: "en este paso no se afirma nada",
    overflow: "no es un número finito, por primera vez",
    kinds: ["recurrente", "LSTM", "GRU", "densa", "convolución"],
    notes: "Notas",
    no_notes: "no hay notas para este paso",
    help: "Ayuda",
    initial_state: "el estado inicial",
    carried_from: "llevado desde",
    recurrent_part: "Parte recurrente: sus estados se realimentan",
    dense_part: "Parte densa: no lleva nada al paso siguiente",
    convolution_part: "Parte convolucional: ve unas filas, no lleva nada",
    cells: ["celda", "celdas"],
    units: ["unidad", "unidades"],
    inputs: ["entrada", "entradas"],
    outputs: ["salida", "salidas"],
    rows: ["fila", "filas"],
    layers: ["capa", "capas"],
    sees: "ve",
    reverse: "hacia atrás",
    bidirectional: "en ambos sentidos",
    last_only: "solo el último paso",
    not_finite: "número no finito",
};

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
    pub const fn gate(&self, gate: GateName) -> Option<&'static str> {
        let [input, forget, cell, output, projection, reset, update, recurrent, candidate] = self.gate_names;
        Some(match gate {
            GateName::Hidden => return None,
            GateName::Input => input,
            GateName::Forget => forget,
            GateName::Cell => cell,
            GateName::Output => output,
            GateName::Projection => projection,
            GateName::Reset => reset,
            GateName::Update => update,
            GateName::Recurrent => recurrent,
            GateName::Candidate => candidate,
        })
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

/// The signs on the screen and what they mean, for the help.
pub const LEGEND: [(&str, Phrase); 18] = [
    ("x1", Phrase { en: "an input of the layer", es: "una entrada de la capa" }),
    ("h(t)", Phrase { en: "hidden state at timestep t", es: "estado oculto en el paso t" }),
    ("y(t)", Phrase { en: "output of a dense layer", es: "salida de una capa densa" }),
    ("z(t)", Phrase { en: "weighted sum, before activation", es: "suma ponderada, antes de activar" }),
    ("c(t)", Phrase { en: "cell state of an LSTM", es: "estado de la celda de una LSTM" }),
    ("i f g o", Phrase { en: "its gates: input forget cell output", es: "entrada, olvido, celda, salida" }),
    ("r z n", Phrase { en: "GRU: reset, update, candidate", es: "GRU: reinicio, actualiz., candidato" }),
    ("u(t)", Phrase { en: "its recurrent part, U·h + b_r", es: "su parte recurrente, U·h + b_r" }),
    ("m(t)", Phrase { en: "o·tanh(c), before a projection", es: "o·tanh(c), antes de proyectar" }),
    ("┃", Phrase { en: "a row that a convolution sees", es: "una fila que ve una convolución" }),
    ("≈", Phrase { en: "equal but for rounding", es: "igual salvo redondeo" }),
    ("██", Phrase { en: "a product, from the last one on", es: "un producto; sigue al anterior" }),
    ("… +3", Phrase { en: "so many have no room", es: "tantos no caben" }),
    ("▸", Phrase { en: "the unit or layer looked at", es: "la unidad o capa que se mira" }),
    ("╭▶ ◀╮", Phrase { en: "a state fed back to its layer", es: "un estado que vuelve a su capa" }),
    ("→ ←", Phrase { en: "a pass forward, a pass backward", es: "pasada adelante, pasada atrás" }),
    ("≡─ ▓█", Phrase { en: "heat map: negative, positive", es: "mapa de calor: negativo, positivo" }),
    ("✓ ✗", Phrase { en: "what is claimed holds, or fails", es: "lo afirmado se cumple, o falla" }),
];
