//! The scenarios `celda new` prints: valid, small, every key explained; or those that use the weights of a file.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;

use clap::ValueEnum;

use crate::scenario::convention::Convention;
use crate::scenario::fault::{listed, shown};
use crate::scenario::file::leaves_folder;
use crate::scenario::tensors::layers::{FoundLayer, Kind, Reset, layers, unmade};
use crate::scenario::tensors::{Refusal, TensorFile};
use crate::scenario::text::{Language, Lines, Noun, Phrase, both, count, printable};

/// The most layers of which a scenario is made.
const MOST_LAYERS: usize = 1000;

/// The widest input of which rows are written out.
const MOST_INPUTS: usize = 10_000;

/// How many rows of zeros are written.
const ROWS: usize = 3;

/// A starter scenario.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Starter {
    /// One recurrent layer.
    Rnn,
    /// One LSTM cell.
    Lstm,
    /// One GRU cell.
    Gru,
    /// A recurrent layer and a dense layer.
    Network,
}

/// The scenario of a kind.
pub const fn toml(kind: Starter) -> &'static str {
    match kind {
        Starter::Rnn => include_str!("starter/rnn.toml"),
        Starter::Lstm => include_str!("starter/lstm.toml"),
        Starter::Gru => include_str!("starter/gru.toml"),
        Starter::Network => include_str!("starter/network.toml"),
    }
}

/// A scenario made of a file's layers.
#[derive(Debug)]
pub struct Made {
    /// Its text.
    pub toml: String,
    /// What its author has to know of it.
    pub warnings: Vec<Refusal>,
}

/// A scenario of the layers of a file, called `name`, whose prefix begins with `prefix`.
///
/// # Errors
///
/// No layers there, more than a thousand, a first layer of more inputs than are written out, or weights that cannot be read.
pub fn from_weights(name: &str, file: &TensorFile, prefix: &str) -> Result<Made, Refusal> {
    let found = layers(file, prefix);
    let mut warnings = unmade(file, prefix, &found);
    if found.len() > MOST_LAYERS {
        let help = Phrase { en: "name those to be shown with `--prefix`", es: "nombrar con `--prefix` las que se quieran ver" };
        let message = both!("it holds {layers}", "contiene {layers}", layers = count(found.len(), Noun::Layer));
        return Err(Refusal::new(message, help));
    }
    let (chain, left) = chained(found);
    let Some(first) = chain.first() else {
        return Err(warnings.into_iter().next().unwrap_or_else(|| no_layers(file, prefix)));
    };
    if first.inputs > MOST_INPUTS {
        let message = both!(
            "its first layer, `{prefix}`, takes {inputs}",
            "su primera capa, `{prefix}`, toma {inputs}",
            prefix = shown(&first.prefix),
            inputs = count(first.inputs, Noun::Input)
        );
        let help = both!(
            "name layers of at most {MOST_INPUTS} inputs with `--prefix`",
            "nombrar con `--prefix` capas de {MOST_INPUTS} entradas como mucho",
        );
        return Err(Refusal::new(message, help));
    }
    for array in chain.iter().flat_map(|layer| &layer.arrays) {
        file.read(array)?;
    }
    if leaves_folder(name) {
        let message = Phrase {
            en: "it lies outside the folder of a scenario that is saved here, and is not read from there",
            es: "está fuera de la carpeta de un escenario que se guarde aquí, y desde él no se lee",
        };
        let help = Phrase {
            en: "put it beside the scenario and name it so there, or trust the scenario with `--allow-outside`",
            es: "ponerlo junto al escenario y nombrarlo así en él, o confiar en el escenario con `--allow-outside`",
        };
        warnings.push(Refusal::new(message, help));
    }
    Ok(Made { toml: written(name, file, &chain, &left), warnings })
}

fn no_layers(file: &TensorFile, prefix: &str) -> Refusal {
    let arrays: Vec<&str> = file.names_in_order().collect();
    let mut prefixes: Vec<String> = layers(file, "").into_iter().map(|layer| layer.prefix).collect();
    // Layers one above the other share theirs.
    prefixes.dedup();
    match (prefixes.as_slice(), arrays.as_slice()) {
        (_, []) => Refusal::new(
            Phrase { en: "it holds no arrays", es: "no contiene arreglos" },
            Phrase { en: "save the weights of a trained model in it", es: "guardar en él los pesos de un modelo entrenado" },
        ),
        ([], _) => Refusal::new(
            both!(
                "no layer is found by the names of its arrays: {arrays}",
                "no se encuentra ninguna capa por los nombres de sus arreglos: {arrays}",
                arrays = listed(&arrays)
            ),
            Phrase {
                en: "name them as PyTorch (weight_ih_l0), Keras (kernel) or ONNX (W) does",
                es: "nombrarlos como PyTorch (weight_ih_l0), Keras (kernel) u ONNX (W)",
            },
        ),
        _ => Refusal::new(
            both!(
                "no layer is found under the prefix `{prefix}`",
                "no se encuentra ninguna capa con el prefijo `{prefix}`",
                prefix = shown(prefix)
            ),
            both!("the prefixes there are: {prefixes}", "los prefijos que hay: {prefixes}", prefixes = listed(&prefixes)),
        ),
    }
}

/// The layers one after the other, recurrent ones before dense ones, each taking as many values as the one before it gives;
/// and those that find no place. The order of a file is often that of the alphabet, so the sizes decide.
fn chained(mut rest: Vec<FoundLayer>) -> (Vec<FoundLayer>, Vec<FoundLayer>) {
    rest.sort_by_key(|layer| layer.kind == Kind::Dense);
    let mut chain: Vec<FoundLayer> = Vec::new();
    while let Some(place) = rest.iter().position(|layer| chain.last().is_none_or(|last| last.outputs == layer.inputs)) {
        chain.push(rest.remove(place));
    }
    (chain, rest)
}

/// The scenario's text.
fn written(name: &str, file: &TensorFile, chain: &[FoundLayer], left: &[FoundLayer]) -> String {
    let inputs = chain.first().map_or(0, |layer| layer.inputs);
    let own_name = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    let shown_name = printable(&own_name, Lines::One);
    let row = format!("[{}]", vec!["0"; inputs].join(", "));
    let [en, es] = ["The network of", "La red de"].map(|network| quoted(&format!("{network} {own_name}")));
    let mut text = format!(
        "# A scenario for celda with the weights of {shown_name}. Change the input, save, and run: celda THIS-FILE\n\
         \n\
         # A text is a table by language, or a string for all of them: title = \"…\"\n\
         title = {{ en = {en}, es = {es} }}\n\
         \n\
         [input]\n\
         # Zeros, to be replaced: one row per timestep, {} each. A CSV file beside this one would be: file = \"data.csv\"\n\
         rows = [{}]\n\
         \n\
         # Layers, input side first; each layer's inputs are the outputs of the one before.\n\n",
        counted(inputs, Noun::Number),
        vec![row; ROWS].join(", "),
    );
    for layer in chain {
        write_layer(&mut text, name, layer);
    }
    let last = chain.last().map_or(0, |layer| layer.outputs);
    if !left.is_empty() {
        let _ =
            writeln!(text, "# Left out, because they take another number of values than the {last} that the last layer gives:");
    }
    for layer in left {
        let _ = writeln!(text, "# {}", described(layer));
    }
    if !left.is_empty() {
        text.push('\n');
    }
    let used: HashSet<&str> = chain.iter().chain(left).flat_map(|layer| &layer.arrays).map(String::as_str).collect();
    let all = layers(file, "");
    let known: HashSet<&str> = all.iter().flat_map(|layer| &layer.arrays).map(String::as_str).collect();
    let unused = file.names_in_order().filter(|name| !used.contains(name));
    let (outside, unknown): (Vec<&str>, Vec<&str>) = unused.partition(|name| known.contains(name));
    for (what, arrays) in [("Of layers outside the prefix", outside), ("Of no layer that celda knows", unknown)] {
        if !arrays.is_empty() {
            let _ = writeln!(text, "# {what}: {}\n", listed(&arrays).get(Language::En));
        }
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// One layer as a table.
fn write_layer(text: &mut String, name: &str, layer: &FoundLayer) {
    let mut lines = vec![format!("# {}", described(layer)), "[[layer]]".into()];
    lines.push(format!("kind = \"{}\"", kind(layer.kind)));
    if layer.directions == 2 {
        lines.push("direction = \"bidirectional\"".into());
    }
    let hint = match (layer.kind, layer.convention) {
        (Kind::Rnn, _) => {
            "activation = \"tanh\"  # the file does not say: tanh is every framework's default, PyTorch also has relu"
        }
        (Kind::Dense, _) => {
            "activation = \"linear\"  # the file does not say: relu, sigmoid, softmax, …\n# apply = \"last\"  # at the last timestep only"
        }
        (Kind::Conv { .. }, _) => {
            "activation = \"linear\"  # the file does not say. It sees rows up to the current one; those before the first are zeros"
        }
        (Kind::Gru(Reset::Before), _) => "reset_after = false",
        (Kind::Gru(Reset::Unknown), Convention::Onnx) => {
            "# linear_before_reset = 1  # where the model has it so, as PyTorch exports it"
        }
        (Kind::Gru(Reset::Unknown), _) => "# reset_after = false  # where the model has it so",
        (Kind::Gru(Reset::After) | Kind::Lstm, _) => "",
    };
    lines.extend(hint.lines().map(str::to_owned));
    let prefix = if layer.prefix.is_empty() { String::new() } else { format!("prefix = {}, ", quoted(&layer.prefix)) };
    let number = if layer.number == 0 { String::new() } else { format!("layer = {}, ", layer.number) };
    lines.push(format!("weights = {{ file = {}, {prefix}{number}convention = \"{}\" }}", quoted(name), layer.convention));
    let _ = writeln!(text, "{}\n", lines.join("\n"));
}

/// How many there are, as the comments say it.
fn counted(n: usize, noun: Noun) -> String {
    count(n, noun).get(Language::En).to_owned()
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Rnn => "rnn",
        Kind::Lstm => "lstm",
        Kind::Gru(_) => "gru",
        Kind::Dense => "dense",
        Kind::Conv { .. } => "conv",
    }
}

/// Its place and sizes in a line.
fn described(layer: &FoundLayer) -> String {
    let place = match (layer.prefix.as_str(), layer.number) {
        ("", number) => format!("Layer {number}"),
        (prefix, 0) => printable(prefix, Lines::One),
        (prefix, number) => format!("{}, layer {number}", printable(prefix, Lines::One)),
    };
    let both = if layer.directions == 2 { " in each of 2 directions" } else { "" };
    let width = match layer.kind {
        Kind::Conv { width } => format!(" at each of {}", counted(width, Noun::Timestep)),
        _ => String::new(),
    };
    let (inputs, units) = (counted(layer.inputs, Noun::Input), counted(layer.units, Noun::Unit));
    let outputs =
        if layer.outputs == layer.units { String::new() } else { format!(", {}", counted(layer.outputs, Noun::Output)) };
    format!("{place}: {}, {inputs}{width}, {units}{both}{outputs}", kind(layer.kind))
}

/// A text as a string of TOML; what a terminal could take for a command is escaped.
fn quoted(text: &str) -> String {
    let mut string = String::from("\"");
    for c in text.chars() {
        let mut bytes = [0; 4];
        let own: &str = c.encode_utf8(&mut bytes);
        match c {
            '"' | '\\' => string.extend(['\\', c]),
            _ if printable(own, Lines::One) == own => string.push(c),
            _ => {
                let _ = write!(string, "\\U{:08X}", u32::from(c));
            }
        }
    }
    string + "\""
}
