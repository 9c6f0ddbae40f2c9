//! What is wrong in a text that is not TOML, in the words of its parser and in Spanish.

use toml::de::Error;

use crate::scenario::fault::{Fault, Source};
use crate::scenario::text::{Lines, Phrase, Text, both, printable};

/// What the parser says is wrong, and what it says it expected; what is missing here stays in its words.
const PARSER: [Phrase; 69] = [
    Phrase { en: "`_` may only go between digits", es: "`_` solo puede ir entre cifras" },
    Phrase { en: "basic string", es: "texto entre comillas dobles" },
    Phrase { en: "carriage return must be followed by newline", es: "al retorno de carro debe seguir un salto de línea" },
    Phrase { en: "characters", es: "caracteres" },
    Phrase { en: "digits", es: "cifras" },
    Phrase { en: "duplicate key", es: "clave repetida" },
    Phrase { en: "extra `=`", es: "sobra un `=`" },
    Phrase { en: "extra assignment between key-value pairs", es: "sobra un `=` entre dos claves" },
    Phrase { en: "extra comma in array", es: "sobra una coma en la lista" },
    Phrase { en: "extra comma in inline table", es: "sobra una coma en la tabla" },
    Phrase { en: "integers with a radix cannot be signed", es: "un entero con prefijo no puede llevar signo" },
    Phrase { en: "invalid basic string", es: "texto entre comillas dobles no válido" },
    Phrase { en: "invalid binary number", es: "número binario no válido" },
    Phrase { en: "invalid boolean", es: "valor lógico no válido" },
    Phrase { en: "invalid comment character", es: "carácter no válido en un comentario" },
    Phrase { en: "invalid date-time", es: "fecha no válida" },
    Phrase { en: "invalid exponent", es: "exponente no válido" },
    Phrase { en: "invalid float", es: "número decimal no válido" },
    Phrase { en: "invalid fraction", es: "parte decimal no válida" },
    Phrase { en: "invalid hexadecimal number", es: "número hexadecimal no válido" },
    Phrase { en: "invalid inline table element", es: "elemento de la tabla no válido" },
    Phrase { en: "invalid integer number", es: "número entero no válido" },
    Phrase { en: "invalid key", es: "clave no válida" },
    Phrase { en: "invalid key-value pair", es: "pareja de clave y valor no válida" },
    Phrase { en: "invalid literal string", es: "texto entre comillas simples no válido" },
    Phrase { en: "invalid mantissa", es: "mantisa no válida" },
    Phrase { en: "invalid octal number", es: "número octal no válido" },
    Phrase { en: "invalid string", es: "texto no válido" },
    Phrase { en: "invalid table", es: "tabla no válida" },
    Phrase { en: "invalid unquoted key", es: "clave sin comillas no válida" },
    Phrase { en: "invalid value", es: "valor no válido" },
    Phrase { en: "key", es: "una clave" },
    Phrase { en: "key with no value", es: "clave sin valor" },
    Phrase { en: "keys cannot be multi-line basic strings", es: "una clave no puede ser un texto de varias líneas" },
    Phrase { en: "keys cannot be multi-line literal strings", es: "una clave no puede ser un texto de varias líneas" },
    Phrase { en: "letters", es: "letras" },
    Phrase { en: "literal string", es: "un texto entre comillas simples" },
    Phrase { en: "missing array opening", es: "falta abrir la lista" },
    Phrase { en: "missing assignment between key-value pairs", es: "falta un `=` entre dos claves" },
    Phrase { en: "missing comma between array elements", es: "falta una coma entre dos elementos de la lista" },
    Phrase { en: "missing comma between key-value pairs", es: "falta una coma entre dos claves" },
    Phrase { en: "missing comment start", es: "falta el comienzo del comentario" },
    Phrase { en: "missing escaped value", es: "falta lo que sigue a la barra invertida" },
    Phrase { en: "missing inline table opening", es: "falta abrir la tabla" },
    Phrase { en: "missing key for inline table element", es: "falta una clave en la tabla" },
    Phrase { en: "missing opening quote", es: "falta la comilla que abre" },
    Phrase { en: "missing table open", es: "falta abrir la tabla" },
    Phrase { en: "missing value", es: "falta un valor" },
    Phrase { en: "missing value for key", es: "falta el valor de la clave" },
    Phrase { en: "multi-line basic string", es: "un texto de varias líneas" },
    Phrase { en: "newline", es: "un salto de línea" },
    Phrase { en: "non-double-quote visible characters", es: "caracteres visibles que no sean comillas dobles" },
    Phrase { en: "non-single-quote characters", es: "caracteres que no sean comillas simples" },
    Phrase { en: "non-single-quote visible characters", es: "caracteres visibles que no sean comillas simples" },
    Phrase { en: "numbers", es: "números" },
    Phrase { en: "printable characters", es: "caracteres imprimibles" },
    Phrase { en: "radix must be lowercase", es: "el prefijo debe ir en minúscula" },
    Phrase { en: "redundant integer number prefix", es: "sobra el prefijo del entero" },
    Phrase { en: "redundant numeric sign", es: "sobra el signo del número" },
    Phrase { en: "string values must be quoted", es: "un texto debe ir entre comillas" },
    Phrase { en: "too few unicode value digits", es: "faltan cifras del valor Unicode" },
    Phrase { en: "unclosed array", es: "lista sin cerrar" },
    Phrase { en: "unclosed inline table", es: "tabla sin cerrar" },
    Phrase { en: "unclosed table", es: "tabla sin cerrar" },
    Phrase { en: "unexpected `=` in array", es: "`=` inesperado en la lista" },
    Phrase { en: "unexpected key or value", es: "clave o valor inesperado" },
    Phrase { en: "unexpected leading zero", es: "sobra el cero inicial" },
    Phrase { en: "unicode hexadecimal value", es: "un valor Unicode hexadecimal" },
    Phrase { en: "value", es: "un valor" },
];

/// Whether this is all that the parser says of what is nested deeper than it follows.
pub fn is_too_deep(error: &Error) -> bool {
    ["max recursion depth met", "recursion limit"].iter().any(|words| error.message().contains(words))
}

/// The fault that the parser found.
pub fn fault(source: &Source, error: &Error) -> Fault {
    let span = error.span().unwrap_or(0..0);
    if is_too_deep(error) {
        let message = Phrase { en: "this is nested too deeply to be read", es: "está anidado demasiado hondo para leerlo" };
        let help = Phrase {
            en: "write at most 3 levels of brackets, and keys of at most 4 parts: no more has a meaning",
            es: "escribir como mucho 3 niveles de corchetes, y claves de 4 partes: nada más tiene sentido",
        };
        return Fault::at(source, span, message, help);
    }
    let error = in_both(&printable(error.message(), Lines::One));
    let help = Phrase {
        en: "correct this line; `celda new` prints a scenario to start from",
        es: "corregir esta línea; `celda new` imprime un escenario para empezar",
    };
    Fault::at(source, span, both!("not TOML: {error}", "no es TOML: {error}", error), help)
}

/// What the parser says, `key with no value, expected …`, in both languages.
fn in_both(message: &str) -> Text {
    let (wrong, expected) = message.split_once(", expected ").map_or((message, None), |(wrong, rest)| (wrong, Some(rest)));
    let spanish = |words: &str| PARSER.iter().find(|phrase| phrase.en == words).map(|phrase| phrase.es.to_owned());
    let or_same = |words: &str| spanish(words).unwrap_or_else(|| words.to_owned());
    let expected = expected.map(|list| list.split(", ").map(or_same).collect::<Vec<_>>().join(", "));
    let es = match expected {
        None => or_same(wrong),
        Some(expected) => format!("{}; se espera: {expected}", or_same(wrong)),
    };
    Text::new(message, es)
}
