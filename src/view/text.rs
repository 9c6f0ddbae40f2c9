//! The words of the screen in English and Spanish.

use crate::app::settings::{Language, Phrase};
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
    pub initial: &'static str,
    pub carried_to: &'static str,
    pub carried_no_further: &'static str,
    pub nothing_carried: &'static str,
    pub unrolled: &'static str,
    pub output_over_time: &'static str,
    pub only_last: &'static str,
    pub layer: &'static str,
    pub unit: &'static str,
    pub step: &'static str,
    pub computed: &'static str,
    pub no_claim: &'static str,
    pub overflow: &'static str,
    pub kinds: [&'static str; 2],
    pub notes: &'static str,
    pub no_notes: &'static str,
    pub help: &'static str,
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
    initial: "is the initial state",
    carried_to: "carried to",
    carried_no_further: "last timestep: carried no further",
    nothing_carried: "a dense layer carries nothing on",
    unrolled: "Unrolled in time",
    output_over_time: "Output over time",
    only_last: "computed at the last timestep only",
    layer: "layer",
    unit: "unit",
    step: "step",
    computed: "computed",
    no_claim: "nothing is claimed at this timestep",
    overflow: "not a finite number, for the first time",
    kinds: ["recurrent", "dense"],
    notes: "Notes",
    no_notes: "no note for this timestep",
    help: "Help",
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
    initial: "es el estado inicial",
    carried_to: "llevado a",
    carried_no_further: "último paso: no se lleva a ningún otro",
    nothing_carried: "una capa densa no lleva nada al paso siguiente",
    unrolled: "Desplegada en el tiempo",
    output_over_time: "Salida en el tiempo",
    only_last: "se calcula solo en el último paso de tiempo",
    layer: "capa",
    unit: "unidad",
    step: "paso",
    computed: "calculado",
    no_claim: "en este paso no se afirma nada",
    overflow: "no es un número finito, por primera vez",
    kinds: ["recurrente", "densa"],
    notes: "Notas",
    no_notes: "no hay notas para este paso",
    help: "Ayuda",
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

    /// What kind of layer it is.
    pub const fn kind(&self, layer: &Layer) -> &'static str {
        let [recurrent, dense] = self.kinds;
        match layer {
            Layer::Rnn(_) => recurrent,
            Layer::Dense(_) => dense,
        }
    }
}

/// The signs on the screen and what they mean, for the help.
pub const LEGEND: [(&str, Phrase); 9] = [
    ("x1", Phrase { en: "an input of the layer", es: "una entrada de la capa" }),
    ("h(t)", Phrase { en: "hidden state at timestep t", es: "estado oculto en el paso t" }),
    ("y(t)", Phrase { en: "output of a dense layer", es: "salida de una capa densa" }),
    ("z(t)", Phrase { en: "weighted sum, before activation", es: "suma ponderada, antes de activar" }),
    ("≈", Phrase { en: "equal but for rounding", es: "igual salvo redondeo" }),
    ("██", Phrase { en: "a product, from the last one on", es: "un producto; sigue al anterior" }),
    ("… +3", Phrase { en: "so many have no room", es: "tantos no caben" }),
    ("▸", Phrase { en: "the unit looked at", es: "la unidad que se mira" }),
    ("✓ ✗", Phrase { en: "what is claimed holds, or fails", es: "lo afirmado se cumple, o falla" }),
];
