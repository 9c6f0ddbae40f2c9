//! What the command line says of itself, in Spanish: the help of each command, made of the English one.

use clap::Command;
use clap::builder::{Str, StyledStr};

/// What the commands and their options do, in English as they are declared and in Spanish.
const HELP: &[(&str, &str)] = &[
    (
        "Steps through a recurrent network, one timestep per keypress, and shows where every number came from",
        "Recorre una red recurrente, un paso de tiempo por tecla, y muestra de dónde sale cada número",
    ),
    ("Compute all steps and print them", "Calcular todos los pasos y escribirlos"),
    ("Validate scenario files", "Comprobar archivos de escenarios"),
    ("List the built-in scenarios, or print one's TOML", "Enumerar los escenarios incluidos, o escribir el TOML de uno"),
    ("Print a commented starter scenario", "Escribir un escenario comentado con que empezar"),
    ("Draw one frame of the stepper without a terminal", "Dibujar una pantalla sin terminal"),
    (
        "Follow a stepper in another terminal: its speaker notes, what comes next, and a clock",
        "Seguir a otra terminal: las notas de quien presenta, lo que viene y un reloj",
    ),
    ("Print a completion script", "Escribir un guion de completado"),
    ("Print the man page", "Escribir la página de manual (en inglés)"),
    ("Print help", "Mostrar esta ayuda"),
    ("Print help (see a summary with '-h')", "Mostrar esta ayuda (un resumen con '-h')"),
    ("Print help (see more with '--help')", "Mostrar esta ayuda (más con '--help')"),
    ("Print version", "Mostrar la versión"),
    ("Print this message or the help of the given subcommand(s)", "Mostrar esta ayuda o la de una orden"),
    (
        "Paths, built-in scenarios, folders of scenarios, or - for standard input [default: intro]",
        "Rutas, escenarios incluidos, carpetas de escenarios, o - para la entrada estándar [por omisión: intro]",
    ),
    (
        "Step line by line, without a screen: for a screen reader, a braille line or a very slow link",
        "Recorrer línea a línea, sin pantalla: para un lector de pantalla, una línea braille o una conexión muy lenta",
    ),
    ("Significant digits shown", "Cifras significativas que se muestran"),
    ("Start with the formula in large letters", "Empezar con la fórmula en letras grandes"),
    (
        "Start veiled: a timestep shows only its row, to be guessed, until it is gone through",
        "Empezar con el velo: un paso muestra solo su fila, para adivinar, hasta que se recorre",
    ),
    (
        "Choose rows, units and numbers with the mouse, step with its wheel; the terminal then selects no text",
        "Elegir filas, unidades y números con el ratón, avanzar con la rueda; la terminal no selecciona entonces texto",
    ),
    ("Start at this timestep, counted from 0", "Empezar en este paso de tiempo, contado desde 0"),
    ("Let the scenario's `file` leave its folder", "Permitir que el `file` del escenario salga de su carpeta"),
    ("Let a scenario's `file` leave its folder", "Permitir que el `file` de un escenario salga de su carpeta"),
    (
        "Language of the screen [default: the locale's, else en]",
        "Idioma de la pantalla [por omisión: el de la configuración regional, o en]",
    ),
    ("Colours", "Colores"),
    ("Draw with ASCII characters only", "Dibujar solo con caracteres ASCII"),
    ("A path, a built-in scenario, or - for standard input", "Una ruta, un escenario incluido, o - para la entrada estándar"),
    (
        "A path, a built-in scenario, or - for standard input [default: intro]",
        "Una ruta, un escenario incluido, o - para la entrada estándar [por omisión: intro]",
    ),
    ("How it is written", "Cómo se escribe"),
    (
        "The timesteps printed, both ends included: 1..3, 2.., ..5 or 4",
        "Los pasos que se escriben, con los dos extremos: 1..3, 2.., ..5 o 4",
    ),
    ("List every term of every weighted sum", "Enumerar todos los términos de cada suma ponderada"),
    (
        "Write to a new file; one that exists is never overwritten",
        "Escribir en un archivo nuevo; uno que existe nunca se sobrescribe",
    ),
    (
        "Language of the text, Markdown and LaTeX [default: the locale's, else en]",
        "Idioma del texto, de Markdown y de LaTeX [por omisión: el de la configuración regional, o en]",
    ),
    ("The files, or names of built-in scenarios", "Los archivos, o nombres de escenarios incluidos"),
    ("Fail where an expected value does not hold", "Fallar donde no se cumple un valor esperado"),
    (
        "Language of what is said [default: the locale's, else en]",
        "Idioma de lo que se dice [por omisión: el de la configuración regional, o en]",
    ),
    ("The scenario to print", "El escenario que se escribe"),
    (
        "Language of the list [default: the locale's, else en]",
        "Idioma de la lista [por omisión: el de la configuración regional, o en]",
    ),
    ("What it starts from", "De qué se parte"),
    ("A .safetensors or .npz file whose weights it uses", "Un archivo .safetensors o .npz cuyos pesos se usan"),
    ("Only the layers whose arrays' names begin so", "Solo las capas cuyas matrices se llaman con este comienzo"),
    ("Columns and rows", "Columnas y filas"),
    (
        "Keys pressed before it is drawn: n, right*3, tab, C-c; a comma is `comma`",
        "Teclas pulsadas antes de dibujar: n, right*3, tab, C-c; una coma es `comma`",
    ),
    (
        "The scenario the stepper shows, or the number of its process [default: the only stepper there is]",
        "El escenario que se muestra allí, o el número de su proceso [por omisión: el único que hay]",
    ),
    ("The shell it is for", "El intérprete de órdenes para el que es"),
];

/// What stands for the values of options and commands.
const VALUE_NAMES: &[(&str, &str)] = &[
    ("SCENARIO", "ESCENARIO"),
    ("NAME", "NOMBRE"),
    ("KIND", "TIPO"),
    ("FILE", "ARCHIVO"),
    ("FORMAT", "FORMATO"),
    ("LANG", "IDIOMA"),
    ("THEME", "TEMA"),
    ("COLUMNSxROWS", "COLUMNASxFILAS"),
    ("KEYS", "TECLAS"),
    ("SHELL", "INTÉRPRETE"),
];

const AFTER_HELP: &str = "ESCENARIO es una ruta, el nombre de un escenario incluido (`celda scenarios`), o - para la entrada estándar.\n\
    En la pantalla puede ser también una carpeta, que representa sus archivos .toml; Ctrl-o pasa de un escenario a otro.\n\
    Donde la salida estándar no es una terminal, se escribe lo que escribe `celda trace`.\n\
    En la pantalla, ? muestra las teclas.";

/// The same commands with their help in Spanish.
pub(super) fn in_spanish(mut command: Command) -> Command {
    command.build();
    translated(command)
}

fn translated(command: Command) -> Command {
    let about = spanish(command.get_about());
    let after_help = command.get_after_help().map(|_| AFTER_HELP);
    let command = command.mut_args(|argument| {
        let mut help = spanish(argument.get_help());
        let default: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        let default = default.join(",");
        if argument.get_action().takes_values() && !default.is_empty() {
            help += &format!(" [por omisión: {default}]");
        }
        let names: Vec<String> = argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        if argument.get_action().takes_values() && !names.is_empty() {
            help += &format!(" [valores posibles: {}]", names.join(", "));
        }
        let long = argument.get_long_help().map(|long| spanish(Some(long)));
        let names: Vec<Str> = argument.get_value_names().unwrap_or_default().iter().map(value_name).collect();
        let argument = if names.is_empty() { argument } else { argument.value_names(names) };
        let heading = if argument.is_positional() { "Argumentos" } else { "Opciones" };
        let argument = argument.help(help).help_heading(heading).hide_default_value(true).hide_possible_values(true);
        match long {
            Some(long) => argument.long_help(long),
            None => argument,
        }
    });
    let mut command = command
        .about(about)
        .subcommand_help_heading("Órdenes")
        .subcommand_value_name("ORDEN")
        .help_template("{about-with-newline}\nUso: {usage}\n\n{all-args}{after-help}")
        .mut_subcommands(translated);
    if let Some(after_help) = after_help {
        command = command.after_help(after_help);
    }
    let usage = usage(&command.render_usage());
    command.override_usage(usage)
}

/// How a command is written, as clap writes it but for its name.
pub(super) fn usage(synopsis: &StyledStr) -> String {
    let synopsis = synopsis.to_string();
    let synopsis = synopsis.strip_prefix("Usage: ").unwrap_or(&synopsis);
    synopsis.replace("[OPTIONS]", "[OPCIONES]").replace("<COMMAND>", "<ORDEN>").trim().to_owned()
}

/// What stands for a value, in Spanish; a letter stands for what it stands for in English.
fn value_name(name: &Str) -> Str {
    let known = VALUE_NAMES.iter().find(|(english, _)| english == name);
    known.map_or_else(|| name.clone(), |(_, spanish)| (*spanish).into())
}

/// A text of the help in Spanish.
fn spanish(help: Option<&impl ToString>) -> String {
    let help = help.map(ToString::to_string).unwrap_or_default();
    let known = HELP.iter().find(|(english, _)| *english == help);
    known.map_or(help, |(_, spanish)| (*spanish).to_owned())
}
